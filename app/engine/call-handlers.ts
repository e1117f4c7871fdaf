import type { z } from 'zod';
import type { CallResult, EngineCallName, EngineCalls } from '../contract.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { SessionBudget } from '../transfer/session-budget.ts';
import type { Environment } from './environment.ts';
import type { LimitKeeper } from './limit-keeper.ts';
import type { RunningMirrors } from './running-mirrors.ts';

/** What the handlers of calls work with. */
export interface EngineParts {
  readonly manifest: Manifest;
  readonly environment: Environment;
  readonly mirrors: RunningMirrors;
  readonly limits: LimitKeeper;
  readonly budget: SessionBudget;
}

/** What answers these calls; arguments are parsed already. */
export type Handlers<N extends EngineCallName = EngineCallName> = {
  readonly [Name in N]: (
    args: z.output<EngineCalls[Name]['args']>,
  ) => CallResult<Name> | Promise<CallResult<Name>>;
};
