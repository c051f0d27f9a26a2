/**
 * A run record as one self-contained HTML page: no script, no link, no request, readable in any browser and on
 * paper. The content security policy allows the page's own style, by its hash, and nothing else; so sections use
 * classes and never `style` attributes. All text from the record is escaped by the renderer.
 */
import { createHash } from 'node:crypto';
import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { RunRecord } from '../harness/run/record.js';
import { PAGE_STYLE } from './page-style.js';
import { CrashPointsSection } from './sections/crash-points.js';
import { EnvironmentSection } from './sections/environment.js';
import { FailuresSection } from './sections/failures.js';
import { GallerySection } from './sections/gallery.js';
import { LimitsSection } from './sections/limits.js';
import { PowerSection } from './sections/power.js';
import { ScenariosSection } from './sections/scenarios.js';
import { VerdictSection } from './sections/verdict.js';
import { killsWereTried } from './totals.js';
import { VERDICT_SHAPE } from './verdict-text.js';
import { visibleText } from './visible-text.js';

/** The whole page as text, beginning with its doctype. */
export function renderHtml(record: RunRecord): string {
  return `<!doctype html>\n${renderToString(<Page record={record} />)}\n`;
}

function Page({ record }: { readonly record: RunRecord }): JSX.Element {
  const styleHash = createHash('sha256').update(PAGE_STYLE).digest('base64');
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content={`default-src 'none'; style-src 'sha256-${styleHash}'`}
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${VERDICT_SHAPE[record.verdict]} ${record.verdict} · ninelives`}</title>
        {/* The one raw text on the page: a constant of ours, whose quotes must stay as they were hashed. */}
        <style dangerouslySetInnerHTML={{ __html: PAGE_STYLE }} />
      </head>
      <body>
        <Header record={record} />
        <main>
          <VerdictSection record={record} />
          <FailuresSection failures={record.failures} />
          <PowerSection record={record} />
          <CrashPointsSection rows={killsWereTried(record) ? record.crashPoints : []} />
          <ScenariosSection scenarios={record.scenarios} />
          <GallerySection gallery={record.gallery} />
          <EnvironmentSection record={record} />
          <LimitsSection limits={record.limits} />
        </main>
      </body>
    </html>
  );
}

function Header({ record }: { readonly record: RunRecord }): JSX.Element {
  return (
    <header>
      <p class="name">
        <NineStrokes />
        ninelives
      </p>
      <p class="run">
        {visibleText(record.startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC'))} · seed {record.seed}
      </p>
    </header>
  );
}

/** Nine lives, the last one still standing. */
function NineStrokes(): JSX.Element {
  return (
    <svg viewBox="0 0 36 16" width="36" height="16" aria-hidden="true">
      {[0, 1, 2, 3, 4, 5, 6, 7].map((life) => (
        <rect class="spent" x={life * 4} y="6" width="2" height="10" rx="1" />
      ))}
      <rect class="standing" x="32" y="0" width="2" height="16" rx="1" />
    </svg>
  );
}
