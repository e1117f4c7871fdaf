/**
 * The yardstick of the table: a page with nothing but a list of as many rows, in plain DOM. As many of its rows as are on screen exist; they are
 * given other words while it scrolls. It asks nobody, and nothing in it changes by itself. Runs in the page, so it stands alone.
 */
export function showBareList(rows: number): void {
  const rowHeight = 32;
  const widths = [144, 420, 76, 108, 92, 240, 84];
  document.body.style.margin = '0';
  const list = document.createElement('div');
  list.style.cssText = 'position:relative;height:620px;overflow:auto scroll;font:12px sans-serif';
  list.id = 'list';
  const body = document.createElement('div');
  body.style.cssText = `position:relative;height:${rows * rowHeight}px`;
  const drawn = Array.from({ length: Math.ceil(620 / rowHeight) + 20 }, () => {
    const row = document.createElement('div');
    row.style.cssText = `position:absolute;inset:0 0 auto;height:${rowHeight}px;display:grid;contain:strict;border-bottom:1px solid #eee;grid-template-columns:${widths.map((width) => `${width}px`).join(' ')}`;
    const cells = widths.map(() => {
      const cell = document.createElement('div');
      cell.style.cssText = 'overflow:hidden;text-overflow:ellipsis;white-space:nowrap;align-self:center';
      row.append(cell);
      return cell;
    });
    body.append(row);
    return { row, cells, shown: -1 };
  });
  const draw = (): void => {
    const first = Math.max(0, Math.floor(list.scrollTop / rowHeight) - 10);
    for (let index = first; index < first + drawn.length; index++) {
      const slot = drawn[index % drawn.length];
      // Only rows that come into sight are written anew.
      if (slot === undefined || slot.shown === index) continue;
      slot.shown = index;
      slot.row.style.transform = `translateY(${index * rowHeight}px)`;
      const words = [
        'In sync',
        `images/${index % 100}/picture-${index}.jpg`,
        `${index % 900} kB`,
        '640 × 480',
        '0',
        '',
        '17:12',
      ];
      slot.cells.forEach((cell, column) => {
        cell.textContent = words[column] ?? '';
      });
    }
  };
  list.addEventListener('scroll', draw, { passive: true });
  list.append(body);
  document.body.append(list);
  draw();
}
