import { readFileSync } from 'node:fs';

/**
 * What the system says of a process's memory, from /proc/<pid>/status of Linux: resident at present (VmRSS) and at
 * its highest so far (VmHWM), in bytes.
 */
export function processMemory(pid: number): ProcessMemory {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return { residentBytes: kibibytes(status, 'VmRSS'), residentBytesMax: kibibytes(status, 'VmHWM') };
}

export interface ProcessMemory {
  readonly residentBytes: number;
  readonly residentBytesMax: number;
}

function kibibytes(status: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  if (found === undefined)
    throw new Error(`Expected ${name} in the status of a process, as Linux writes it.`);
  return Number(found) * 1024;
}
