/**
 * The minimised history of a failure as numbered sentences, life by life. Numbers run through all lives, so that
 * two people can talk about "sentence 7"; the sentences that prove the violation are marked.
 */
import type { JSX } from 'preact';
import type { FailureRecord } from '../../harness/run/record.js';
import { cutStory } from '../cut-story.js';
import type { NumberedSentence } from '../cut-story.js';
import { narrateFailure } from '../narrate.js';
import { countText } from '../quantity.js';
import { Data } from './data.js';

/** Sentences shown at the beginning and again at the end. */
const SHOWN_AT_EACH_END = 60;

const TONE_SHAPE: Readonly<Record<NumberedSentence['tone'], string>> = {
  plain: '·',
  acknowledged: '✓',
  'in-flight': '…',
  failed: '✗',
  killed: '†',
  found: '→',
};

/** What happened, in order. */
export function HistorySection({ failure }: { readonly failure: FailureRecord }): JSX.Element {
  const story = cutStory(narrateFailure(failure), SHOWN_AT_EACH_END);
  return (
    <div class="history">
      <h4>What happened</h4>
      {story.left > 0 && (
        <p class="note">
          Showing the first {SHOWN_AT_EACH_END}, the last {SHOWN_AT_EACH_END} and the proof of{' '}
          {countText(story.total)} events; all of them are in <Data text={failure.caseFile} />.
        </p>
      )}
      {story.lives.map((life) => (
        <div class="life">
          <h5>Life {life.life}</h5>
          <ol>
            {life.sentences.map((sentence) => (
              <SentenceItem sentence={sentence} />
            ))}
          </ol>
        </div>
      ))}
    </div>
  );
}

function SentenceItem({ sentence }: { readonly sentence: NumberedSentence }): JSX.Element {
  return (
    <li value={sentence.number} class={sentence.proof ? `${sentence.tone} proof` : sentence.tone}>
      <span class="shape" aria-hidden="true">
        {TONE_SHAPE[sentence.tone]}
      </span>
      <span>
        {sentence.parts.map((part) => (typeof part === 'string' ? part : <Data text={part.data} />))}
        {sentence.proof && <strong class="proof-mark"> ◆ proof</strong>}
      </span>
    </li>
  );
}
