import { lazy } from 'react';
import type { Mirrors } from '../engine/mirrors.ts';
import { hrefOf, type Route } from '../route.ts';
import { MirrorGone } from './mirror-gone.tsx';

/** Each screen is loaded when it is first shown: the window opens with the frame alone. */
const Overview = lazy(() => import('../views/overview/overview-view.tsx'));
const Waiting = lazy(() => import('../views/waiting/waiting-view.tsx'));
const Mirror = lazy(() => import('../views/mirror/mirror-view.tsx'));
const EditMirror = lazy(() => import('../views/setup/edit-mirror-view.tsx'));
const Plan = lazy(() => import('../views/setup/plan-view.tsx'));
const AddMirror = lazy(() => import('../views/setup/add-mirror-view.tsx'));
const Datasets = lazy(() => import('../views/datasets/datasets-view.tsx'));
const Dataset = lazy(() => import('../views/datasets/dataset-view.tsx'));
const Activity = lazy(() => import('../views/activity/activity-view.tsx'));
const Trash = lazy(() => import('../views/trash/trash-view.tsx'));
const Settings = lazy(() => import('../views/settings/settings-view.tsx'));
const Welcome = lazy(() => import('../views/setup/welcome-view.tsx'));

/** The screen of a route. A mirror that is not there (any more) is told of in its place. */
export function ScreenOf({ route, mirrors }: { readonly route: Route; readonly mirrors: Mirrors }) {
  switch (route.screen) {
    case 'overview':
      return <Overview />;
    case 'waiting':
      return <Waiting mirrorId={route.mirrorId} />;
    case 'add-mirror':
      return <AddMirror key={route.account} account={route.account} />;
    case 'welcome':
      return <Welcome />;
    case 'datasets':
      return <Datasets />;
    case 'dataset':
      return <Dataset key={hrefOf(route)} place={route.place} datasetId={route.datasetId} />;
    case 'activity':
      return <Activity mirrorId={route.mirrorId} />;
    case 'trash':
      return <Trash key={route.mirrorId} mirrorId={route.mirrorId} />;
    case 'settings':
      return <Settings />;
    case 'mirror':
    case 'edit-mirror':
    case 'plan': {
      const mirror = mirrors.list.find(({ mirrorId }) => mirrorId === route.mirrorId);
      if (mirror === undefined) return mirrors.loaded ? <MirrorGone /> : null;
      const key = mirror.mirrorId;
      if (route.screen === 'edit-mirror') return <EditMirror key={key} mirror={mirror} />;
      if (route.screen === 'plan') return <Plan key={key} mirror={mirror} />;
      const { path } = route;
      return (
        <Mirror key={`${key} ${path ?? ''}`} mirror={mirror} {...(path === undefined ? {} : { path })} />
      );
    }
  }
}
