import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { createTable } from '../../app/cli/table.ts';

interface Row {
  readonly name: string;
  readonly size: number;
}
const columns = [
  { title: 'NAME', value: (row: Row) => row.name },
  { title: 'SIZE', align: 'right', value: (row: Row) => String(row.size) },
  { title: 'ID', value: (row: Row) => `id${row.size}` },
] as const;

describe('createTable', () => {
  test('aligns columns: text to the left, numbers to the right, nothing after the last', () => {
    const table = createTable<Row>(columns);
    const lines = table.lines([
      { name: 'a', size: 12345 },
      { name: 'longer', size: 1 },
    ]);
    expect([table.header(), ...lines]).toEqual([
      'NAME     SIZE  ID',
      'a       12345  id12345',
      'longer      1  id1',
    ]);
  });

  test('counts columns of the terminal, not characters', () => {
    const lines = createTable<Row>(columns).lines([
      { name: '画像', size: 1 },
      { name: 'é', size: 1 },
      { name: '👩‍👩‍👧', size: 1 },
      { name: 'abcd', size: 1 },
    ]);
    expect(new Set(lines.map((line) => stringWidth(line.slice(0, line.indexOf('id')))))).toHaveLength(1);
  });

  test('keeps the widths of the first page, and never cuts a cell', () => {
    const table = createTable<Row>(columns);
    table.lines([{ name: 'abc', size: 1 }]);
    expect(table.lines([{ name: 'x', size: 1 }])).toEqual(['x        1  id1']);
    expect(table.lines([{ name: 'much-longer-than-before', size: 1 }])[0]).toContain(
      'much-longer-than-before',
    );
  });

  test('lets no name drive the terminal', () => {
    expect(createTable<Row>(columns).lines([{ name: '\x1b[2J', size: 1 }])[0]).toContain('\\x1b[2J');
  });
});
