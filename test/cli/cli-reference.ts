import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AnyCommand } from '../../app/cli/command.ts';
import { buildProgram } from '../../app/cli/program.ts';

/** The part of `docs/cli.md` that follows from the commands themselves. Run this file to bring it up to date. */
export const docsPath = fileURLToPath(new URL('../../docs/cli.md', import.meta.url));
const BEGIN = '<!-- Below: written from the commands by `node test/cli/cli-reference.ts`. -->\n';

/** Every command that does something, with its whole name: `vi-sync assets list`. */
export function leafCommands(): readonly { readonly name: string; readonly command: AnyCommand }[] {
  const program = buildProgram(async () => undefined, { out: () => undefined, err: () => undefined });
  const leaves: { name: string; command: AnyCommand }[] = [];
  const visit = (command: AnyCommand, name: string) => {
    for (const child of command.commands) {
      if (child.name() === 'help') continue;
      const childName = `${name} ${child.name()}`;
      // A command with arguments does something itself, whatever it has below it.
      if (child.commands.length === 0 || child.registeredArguments.length > 0) {
        leaves.push({ name: childName, command: child });
      }
      visit(child, childName);
    }
  };
  visit(program, program.name());
  return leaves;
}

function helpOf(command: AnyCommand): string {
  let help = '';
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  return help;
}

function examplesOf(command: AnyCommand): string {
  const help = helpOf(command);
  const examples = /\nExamples?:\n([\s\S]+)$/u.exec(help)?.[1] ?? '';
  return examples
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().replace(/^\$ /u, ''))
    .join('\n');
}

function renderCommand(name: string, command: AnyCommand): string {
  const lines = [`## ${name}`, '', command.description(), '', '```', `${name} ${command.usage()}`, '```', ''];
  const rows = [
    ...command.registeredArguments.map((argument) => [`<${argument.name()}>`, argument.description]),
    ...command.options.map((option) => {
      const notes = [
        option.argChoices === undefined ? '' : option.argChoices.join(', '),
        option.defaultValue === undefined || option.negate || typeof option.defaultValue === 'boolean'
          ? ''
          : `default: ${option.defaultValue}`,
      ].filter((note) => note !== '');
      return [option.flags, option.description + (notes.length === 0 ? '' : ` (${notes.join('; ')})`)];
    }),
  ];
  if (rows.length > 0) {
    lines.push('| argument or option | meaning |', '|---|---|');
    for (const [flags, meaning] of rows) lines.push(`| \`${flags}\` | ${meaning?.replaceAll('|', '\\|')} |`);
    lines.push('');
  }
  lines.push('```sh', examplesOf(command), '```');
  return lines.join('\n');
}

/** The sections of all commands, as Markdown. The platform's own default of `--shell` is written as that of Linux. */
export function renderReference(): string {
  const sections = leafCommands().map(({ name, command }) => renderCommand(name, command));
  return `${sections.join('\n\n')}\n`.replace('default: powershell', 'default: sh');
}

/** The page with its written part as it is and its commands as they are now. */
export async function currentPage(): Promise<{ readonly is: string; readonly shouldBe: string }> {
  const is = (await readFile(docsPath, 'utf8')).replaceAll('\r\n', '\n');
  const end = is.indexOf(BEGIN);
  if (end === -1) throw new Error(`${docsPath} lacks the line ${BEGIN}`);
  return { is, shouldBe: `${is.slice(0, end)}${BEGIN}\n${renderReference()}` };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(docsPath, (await currentPage()).shouldBe);
}
