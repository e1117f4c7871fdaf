import { type FunctionComponent, useEffect } from 'react';

interface SheetProps {
  readonly styles: string;
  readonly dynamic?: boolean;
}

/**
 * Stands in for the package `react-style-singleton`, through which Radix adds its few rules about scrolling: that one writes a style
 * element, which the page's policy refuses. A constructed sheet says the same and is allowed. One sheet, while any of its users is shown.
 */
export function styleSingleton(): FunctionComponent<SheetProps> {
  let users = 0;
  let sheet: CSSStyleSheet | null = null;
  const add = (css: string): void => {
    users += 1;
    if (sheet !== null) return;
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  };
  const remove = (): void => {
    users -= 1;
    if (users > 0) return;
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    sheet = null;
  };
  return function Sheet({ styles, dynamic }) {
    // biome-ignore lint/correctness/useExhaustiveDependencies: as in the package, only dynamic styles are replaced
    useEffect(() => {
      add(styles);
      return remove;
    }, [dynamic === true ? styles : null]);
    return null;
  };
}
