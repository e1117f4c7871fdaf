import { startTransition, useEffect, useState } from 'react';
import type { Place } from '../app/contract.ts';

/** What the window shows, as its address says. */
export type Route =
  | { readonly screen: 'overview' }
  | { readonly screen: 'waiting'; readonly mirrorId: string | null }
  /** `path`: the file that is looked at. */
  | { readonly screen: 'mirror'; readonly mirrorId: string; readonly path?: string }
  | { readonly screen: 'edit-mirror'; readonly mirrorId: string }
  | { readonly screen: 'plan'; readonly mirrorId: string }
  /** `account`: the one that is chosen at first, as a text of its own making. */
  | { readonly screen: 'add-mirror'; readonly account: string | null }
  | { readonly screen: 'welcome' }
  | { readonly screen: 'datasets' }
  | { readonly screen: 'dataset'; readonly place: Place; readonly datasetId: string }
  /** `mirrorId` null: of all mirrors. */
  | { readonly screen: 'activity'; readonly mirrorId: string | null }
  | { readonly screen: 'trash'; readonly mirrorId: string | null }
  | { readonly screen: 'settings' };

/** The route of an address's hash; null for one that names none, as at first. */
export function routeOf(hash: string): Route | null {
  const [screen = '', id, part, further] = hash
    .replace(/^#\/?/, '')
    .split('/')
    .map((step) => decoded(step));
  switch (screen) {
    case 'overview':
    case 'welcome':
      return { screen };
    case 'add-mirror':
      return { screen, account: id ?? null };
    case 'waiting':
    case 'activity':
    case 'trash':
      return { screen, mirrorId: id ?? null };
    case 'settings':
      return { screen };
    case 'datasets':
      if (id === undefined || part === undefined || further === undefined) return { screen };
      return {
        screen: 'dataset',
        place: { endpoint: id, organizationId: part },
        datasetId: further,
      };
    case 'mirror':
      if (id === undefined) return null;
      if (part === 'settings') return { screen: 'edit-mirror', mirrorId: id };
      if (part === 'plan') return { screen: 'plan', mirrorId: id };
      if (part === 'file' && further !== undefined) return { screen, mirrorId: id, path: further };
      return { screen, mirrorId: id };
    default:
      return null;
  }
}

/** The address of a route, for links. */
export function hrefOf(route: Route): string {
  switch (route.screen) {
    case 'overview':
    case 'welcome':
    case 'datasets':
    case 'settings':
      return `#/${route.screen}`;
    case 'add-mirror':
      return route.account === null ? '#/add-mirror' : `#/add-mirror/${encodeURIComponent(route.account)}`;
    case 'waiting':
    case 'activity':
    case 'trash':
      return addressOf(route.screen, ...(route.mirrorId === null ? [] : [route.mirrorId]));
    case 'dataset': {
      const { endpoint, organizationId } = route.place;
      return addressOf('datasets', endpoint, organizationId, route.datasetId);
    }
    case 'mirror':
      return addressOf('mirror', route.mirrorId, ...(route.path === undefined ? [] : ['file', route.path]));
    case 'edit-mirror':
      return `#/mirror/${encodeURIComponent(route.mirrorId)}/settings`;
    case 'plan':
      return `#/mirror/${encodeURIComponent(route.mirrorId)}/plan`;
  }
}

const addressOf = (...steps: readonly string[]): string => `#/${steps.map(encodeURIComponent).join('/')}`;

/** Goes to a route, as a click on a link to it does. */
export function goTo(route: Route): void {
  location.hash = hrefOf(route);
}

/** The route of the window now. The screen before stays until the next one is loaded. */
export function useRoute(): Route | null {
  const [hash, setHash] = useState(() => location.hash);
  useEffect(() => {
    const follow = (): void => startTransition(() => setHash(location.hash));
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return routeOf(hash);
}

/** An address is typed by people too: what can't be decoded is taken as it is. */
function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch (error) {
    if (error instanceof URIError) return step;
    throw error;
  }
}
