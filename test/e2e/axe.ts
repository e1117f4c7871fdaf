import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Everything that axe finds wrong with a page as it is now, in the light theme and the dark one. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(
      ...(await page.evaluate(async (theme) => {
        const run: unknown = Reflect.get(window, 'axe');
        const { violations } = await (run as typeof import('axe-core')).run(document, {
          resultTypes: ['violations'],
        });
        return violations.map(
          ({ id, nodes }) =>
            `${theme} ${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
        );
      }, colorScheme)),
    );
  }
  return found;
}
