import { app, type Session, type WebContents } from 'electron';
import { externalLink } from '../app/desktop/external-links.ts';
import { isPageAddress, pageOrigin, pageScheme } from '../app/desktop/page-files.ts';
import type { Log } from '../app/log.ts';

export interface GuardOptions {
  readonly log: Log;
  /** Opens an address that may be opened in the person's browser. */
  readonly browse: (url: string) => void;
}

/** No page of the app goes anywhere else, opens windows, or holds other pages. Before the first window is made. */
export function guardContents({ log, browse }: GuardOptions): void {
  const refuse = (what: string, url: string): void => log.warn('A page was kept from leaving', { what, url });
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.setWindowOpenHandler(({ url }) => {
      const link = externalLink(url);
      if (link === null) refuse('window.open', url);
      else browse(link);
      return { action: 'deny' };
    });
    contents.on('will-navigate', (event) => {
      // The page may load itself anew.
      if (isPageAddress(event.url)) return;
      event.preventDefault();
      refuse('navigation', event.url);
    });
    contents.on('will-frame-navigate', (event) => {
      if (event.isMainFrame && isPageAddress(event.url)) return;
      event.preventDefault();
      if (!event.isMainFrame) refuse('navigation of a frame', event.url);
    });
    contents.on('will-redirect', (event) => {
      event.preventDefault();
      refuse('redirection', event.url);
    });
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
      refuse('webview', '');
    });
  });
}

/** What a page may load: its own scheme, pictures in its own text, and what Chromium's tools need. */
const loaded: ReadonlySet<string> = new Set([`${pageScheme}:`, 'data:', 'devtools:']);

/** What the app's own page may do: put text into the clipboard, after a click on a button that copies. */
const granted: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** A page of this session gets no other permission, downloads nothing, and loads nothing from elsewhere. */
export function guardSession(session: Session, log: Log): void {
  session.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
    const isGranted = granted.has(permission) && isPageAddress(requestingUrl);
    if (!isGranted) log.warn('A permission was refused', { permission });
    answer(isGranted);
  });
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => granted.has(permission) && origin.replace(/\/$/, '') === pageOrigin,
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    event.preventDefault();
    log.warn('A download was refused', { url: item.getURL() });
  });
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    const isOwn = loaded.has(URL.parse(url)?.protocol ?? '');
    if (!isOwn) log.warn('A request to elsewhere was refused', { url });
    answer({ cancel: !isOwn });
  });
}
