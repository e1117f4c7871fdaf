import { expect, test } from 'vitest';
import { currentPage, leafCommands } from './cli-reference.ts';

test('docs/cli.md has every command, argument, option and example as they are', async () => {
  const { is, shouldBe } = await currentPage();
  expect(is, 'run: node test/cli/cli-reference.ts').toBe(shouldBe);
});

test('every command has a description, a summary, and an example of itself', async () => {
  const { is } = await currentPage();
  for (const option of ['--json', '--verbose', '--help', '--version']) expect(is).toContain(`\`${option}\``);
  expect(leafCommands().length).toBeGreaterThan(10);
  for (const { name, command } of leafCommands()) {
    expect(command.description(), name).toMatch(/\.$/u);
    expect(command.summary(), name).not.toBe('');
    const section = is.slice(is.indexOf(`## ${name}\n`));
    expect(section.slice(0, section.indexOf('\n## ', 1)), name).toMatch(
      new RegExp(`^(.+ \\| )?${name}`, 'mu'),
    );
  }
});
