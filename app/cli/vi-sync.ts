#!/usr/bin/env node
import { main } from './main.ts';

const exitCode = await main(process.argv.slice(2));
// Everything is written by now. Connections that are kept alive would otherwise keep the process for seconds.
process.exit(exitCode);
