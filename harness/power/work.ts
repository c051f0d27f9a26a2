import type { CrashCase } from '../workload/case.js';
import { type Explained, explain } from './explain.js';
import { explore, type Explored, type ExplorePlan } from './explore.js';
import { playInMemory, type MemoryOutcome } from './play-in-memory.js';
import { shrink, type Shrunk, type ShrinkRequest } from './shrink.js';

/**
 * What a worker can be asked to do, as plain data that can be sent to another thread. Everything here is a function of
 * its request, so it does not matter which worker does it.
 */
export type WorkRequest =
  | { readonly kind: 'explore'; readonly case: CrashCase; readonly plan: ExplorePlan }
  | { readonly kind: 'play'; readonly case: CrashCase; readonly traced: boolean }
  | ({ readonly kind: 'shrink' } & ShrinkRequest)
  | { readonly kind: 'explain'; readonly case: CrashCase };

export type WorkResult<Request extends WorkRequest> = Request extends { readonly kind: 'explore' }
  ? Explored
  : Request extends { readonly kind: 'play' }
    ? MemoryOutcome
    : Request extends { readonly kind: 'shrink' }
      ? Shrunk
      : Explained;

/** Does it in this thread. */
export async function work(request: WorkRequest): Promise<WorkResult<WorkRequest>> {
  switch (request.kind) {
    case 'explore':
      return await explore(request.case, request.plan);
    case 'play':
      return await playInMemory(request.case, request.traced);
    case 'shrink':
      return await shrink(request);
    case 'explain':
      return await explain(request.case);
  }
}
