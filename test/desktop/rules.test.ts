import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { pageHeaders } from '../../app/desktop/page-files.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const sourcesOf = (folder: string): { file: string; text: string }[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    // Words about a thing are not the thing.
    .map((file) => ({
      file: `${folder}/${file}`,
      text: read(`${folder}/${file}`).replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, ''),
    }));

const main = sourcesOf('main').filter(({ file }) => !file.endsWith('vite.config.ts'));
const all = [...main, ...sourcesOf('app'), ...sourcesOf('renderer')];
const having = (sources: typeof all, pattern: RegExp): string[] =>
  sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

describe('the sources of the desktop app', () => {
  test.each([
    ['no Node in a page', /nodeIntegration\w*:\s*true/],
    ['no page without isolation', /contextIsolation:\s*false/],
    ['no page without a sandbox', /sandbox:\s*false|no-sandbox/],
    ['no page without the same-origin policy', /webSecurity:\s*false|disable-web-security/],
    [
      'no insecure content',
      /allowRunningInsecureContent:\s*true|ignore-certificate-errors|certificate-error/,
    ],
    ['no experiments of Chromium', /experimentalFeatures:\s*true|enableBlinkFeatures|enable-blink-features/],
    ['no webview', /webviewTag:\s*true|<webview|allowpopups/],
    ['no remote module', /@electron\/remote|enableRemoteModule/],
    ['no page from a file', /loadFile\(|file:\/\//],
    ['no code from texts', /\beval\(|new Function\(|executeJavaScript|insertCSS|setTimeout\(\s*['"`]/],
    ['no answers to pages but over the checked channels', /ipcMain\.(handle|handleOnce|once)\(|ipc\.on\(/],
    ['no synchronous messages', /sendSync|returnValue/],
    ['no debugger', /openDevTools|remote-debugging|--inspect/],
    ['no certificate that is taken unseen', /setCertificateVerifyProc|rejectUnauthorized:\s*false/],
    ['no program started by a shell', /shell:\s*true|\bexec\(['"`]/],
  ])('%s', (_rule, pattern) => {
    expect(having(main, pattern)).toEqual([]);
  });

  test.each([
    [/new BrowserWindow\(/, ['main/window.ts']],
    [/\bshell\.openExternal\(/, ['main/shell.ts']],
    [/\bipcMain\b/, ['main/page-ipc.ts']],
    [/\bcontextBridge\b/, ['main/preload.ts']],
    [/\bprotocol\.handle\(/, ['main/page-scheme.ts']],
    [/\butilityProcess\b/, ['main/engine-host.ts', 'main/keychain-host.ts']],
  ])('%s has one place', (pattern, places) => {
    expect(having(main, pattern)).toEqual(places);
  });

  test('app/ knows neither Electron, nor main/, nor the page; main/ takes nothing of the page; the page nothing of main/', () => {
    expect(having(sourcesOf('app'), /from ['"](electron['"]|electron\/|.*\/main\/|.*\/renderer\/)/)).toEqual(
      [],
    );
    expect(having(main, /from ['"].*\/renderer\//)).toEqual([]);
    expect(having(sourcesOf('renderer'), /from ['"].*\/main\//)).toEqual([]);
  });

  test('the engine is none of the main process’s: it runs in a process of its own', () => {
    const heavy =
      /from ['"]\.\.\/app\/(engine|manifest|observe|plan|transfer|pull|sandbox|image|workspace|keychain|credentials)/;
    expect(having(main, heavy)).toEqual([]);
  });
});

describe('what was built', () => {
  test('the preload is one CommonJS file that loads electron alone, and exposes one thing', () => {
    const preload = read('out/main/preload.cjs');
    expect([...preload.matchAll(/require\(["'](.+?)["']\)/g)].map(([, name]) => name)).toEqual(['electron']);
    expect(preload).not.toMatch(/\bimport\s|\bimport\(/);
    expect(preload.match(/exposeInMainWorld\(/g)).toHaveLength(1);
    expect(preload).not.toMatch(/ipcRenderer\.(invoke|sendSync|postMessage|sendToHost)|ipcRenderer\s*[,}]/);
  });

  test('the main process has the page’s preferences as the sources say, and none of the engine', () => {
    const built = read('out/main/main.js');
    const preferences = /webPreferences:\s*\{([\s\S]*?)\}/.exec(built)?.[1] ?? '';
    const said = Object.fromEntries(
      [...preferences.matchAll(/(\w+):\s*(true|false)/g)].map(([, key, is]) => [key, is === 'true']),
    );
    expect(said).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    });
    const loaded = [...built.matchAll(/^import[^'"]*["']([^'"]+)["']/gm)].map(([, name = '']) => name);
    expect(loaded).toContain('electron');
    // Native code that crashes, or a million rows, would take the windows with them.
    for (const name of loaded)
      expect(name).not.toMatch(/better-sqlite3|sharp|keytar|chokidar|libheif|fastify|undici|got/);
  });

  test('the page has nothing inline, and loads nothing from elsewhere', () => {
    const page = read('out/renderer/index.html');
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|style=|https?:\/\//);
    const policy = pageHeaders['content-security-policy'] ?? '';
    const directives = Object.fromEntries(
      policy.split('; ').map((directive) => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources.join(' ')];
      }),
    );
    expect(directives).toEqual({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'img-src': "'self' data:",
      'connect-src': "'self'",
      'font-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
      'require-trusted-types-for': "'script'",
      'trusted-types': "'none'",
    });
  });

  test('every point of the list in docs/security.md names files that are there', () => {
    const points = read('docs/security.md')
      .split('\n')
      .filter((line) => /^\| \d+ \|/.test(line));
    expect(points).toHaveLength(20);
    const named = [...points.join('\n').matchAll(/`((?:main|app)\/[\w./-]+\.ts)`/g)].map(
      ([, file = '']) => file,
    );
    expect(named.length).toBeGreaterThan(15);
    for (const file of named) expect(read(file).length, file).toBeGreaterThan(0);
  });

  test('the version of Electron is the one that package.json names, and its program is not fetched by an install', () => {
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(read('node_modules/electron/package.json')));
    const wanted = z
      .object({ main: z.string(), devDependencies: z.object({ electron: z.string() }) })
      .parse(JSON.parse(read('package.json')));
    expect(wanted.devDependencies.electron.replace('^', '').split('.')[0]).toBe(version.split('.')[0]);
    expect(wanted.main).toBe('./out/main/main.js');
  });
});
