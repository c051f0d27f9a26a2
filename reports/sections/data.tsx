/**
 * The few elements that all sections share. Data from a run never becomes markup, an attribute or a link: it is
 * text inside `<bdi>`, so that its reading direction cannot spill into the prose around it.
 */
import type { ComponentChildren, JSX } from 'preact';
import type { Verdict } from '../../harness/checker/verdict.js';
import { byteText } from '../../harness/workload/operation.js';
import { VERDICT_SHAPE } from '../verdict-text.js';
import { visibleText } from '../visible-text.js';

const NAME_SHOWN_MAX = 600;
const COMMAND_SHOWN_MAX = 20_000;

/** Names and paths: text as it is, with invisible characters shown. */
export function Data({ text }: { readonly text: string }): JSX.Element {
  return (
    <code>
      <bdi>{visibleText(text, NAME_SHOWN_MAX)}</bdi>
    </code>
  );
}

/** Prose that a run brought along: isolated, but not set in monospace. */
export function Prose({ text }: { readonly text: string }): JSX.Element {
  return <bdi>{visibleText(text)}</bdi>;
}

/** A key or a value, or the word `nothing`. */
export function Bytes({ text }: { readonly text: string | null }): JSX.Element {
  if (text === null) return <em>nothing</em>;
  return (
    <code>
      <bdi>{byteText(text)}</bdi>
    </code>
  );
}

/** A verdict by shape, word and colour. */
export function VerdictBadge({ verdict }: { readonly verdict: Verdict }): JSX.Element {
  return (
    <span class={`badge ${verdict}`}>
      <span aria-hidden="true">{VERDICT_SHAPE[verdict]}</span> {verdict}
    </span>
  );
}

/** A line to copy whole: one click selects it. */
export function Command({ line }: { readonly line: string }): JSX.Element {
  return (
    <pre class="command">
      <code>
        <bdi>{visibleText(line, COMMAND_SHOWN_MAX)}</bdi>
      </code>
    </pre>
  );
}

/** A box in which something wide scrolls by itself; reachable by keyboard. */
export function Wide({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div class="wide" role="region" aria-label={name} tabIndex={0}>
      {children}
    </div>
  );
}
