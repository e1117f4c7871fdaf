import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activity, Problem } from '../../app/contract.ts';
import { speak } from '../../renderer/text/format.ts';
import { worded, wordsOfActivity } from '../../renderer/text/problem-words.ts';
import { appScene, appSceneNames } from './app-scenes.ts';
import { scene, sceneNames } from './scenes.ts';

const now = Date.parse('2026-11-27T12:00:00Z');
const apps = [
  ...appSceneNames.map((name) => ({ name: `the app, ${name}`, app: appScene(name, now) })),
  ...sceneNames.map((name) => ({ name: `a mirror, ${name}`, app: scene(name, now) })),
];

/** Everything in a scene that is a problem, wherever it stands. */
function problemsIn(value: unknown, found: Problem[] = []): Problem[] {
  if (typeof value !== 'object' || value === null) return found;
  if (isProblem(value)) found.push(value);
  else for (const part of Object.values(value)) problemsIn(part, found);
  return found;
}

function isProblem(value: object): value is Problem {
  return ['code', 'title', 'detail', 'suggestion'].every((name) => name in value);
}

function shownBy(app: (typeof apps)[number]['app']): { problems: Problem[]; activities: Activity[] } {
  const { rows, statuses, accounts, keychainProblem, holds, library, activities } = app;
  const { pulls, about } = library;
  return {
    problems: problemsIn({ rows, statuses, accounts, keychainProblem, holds, pulls, about }),
    activities,
  };
}

describe('a scene speaks German where the window does', () => {
  beforeAll(() => speak('de'));
  afterAll(() => speak('en'));

  it('in many problems and activities', () => {
    const all = apps.map(({ app }) => shownBy(app));
    expect(new Set(all.flatMap(({ problems }) => problems).map(({ code }) => code)).size).toBeGreaterThan(10);
    expect(all.flatMap(({ activities }) => activities).length).toBeGreaterThan(50);
  });

  it.each(apps)('$name', ({ app }) => {
    const { problems, activities } = shownBy(app);
    for (const problem of problems) {
      const german = worded(problem);
      for (const part of ['title', 'detail', 'suggestion'] as const)
        expect(german[part], `${problem.code}: ${part}`).not.toBe(problem[part]);
    }
    for (const activity of activities) expect(wordsOfActivity(activity)).not.toBe(activity.message);
  });
});
