#!/usr/bin/env node
import { main, processIo } from '../dist/index.js';

const exitCode = await main(process.argv.slice(2), processIo());
// A broken output has set it already.
process.exitCode ??= exitCode;
