import { describe, expect, it } from 'vitest';
import { hrefOf, type Route, routeOf } from '../../renderer/route.ts';

const routes: readonly Route[] = [
  { screen: 'overview' },
  { screen: 'welcome' },
  { screen: 'waiting', mirrorId: null },
  { screen: 'waiting', mirrorId: 'm/1' },
  { screen: 'mirror', mirrorId: 'mirror 1?#/ü' },
  { screen: 'edit-mirror', mirrorId: 'm' },
  { screen: 'plan', mirrorId: 'm' },
  { screen: 'add-mirror', account: null },
  { screen: 'add-mirror', account: 'northwind https://api.vi.datature.com' },
];

describe('an address', () => {
  it.each(routes)('of $screen leads back to it', (route) => {
    expect(routeOf(hrefOf(route))).toEqual(route);
  });

  it.each(['', '#', '#/', '#/nowhere', '#/mirror'])('“%s” names no screen', (hash) => {
    expect(routeOf(hash)).toBeNull();
  });

  it('that can’t be decoded is taken as it is', () => {
    expect(routeOf('#/mirror/%E0%A4%A')).toEqual({ screen: 'mirror', mirrorId: '%E0%A4%A' });
  });
});
