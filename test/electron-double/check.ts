import { readFileSync } from 'node:fs';
import type { Member, Shape, Surface, TypeSurface } from './surface.ts';

/** The double was used in a way that `electron.d.ts` does not have. */
export class NotInElectron extends Error {
  override readonly name = 'NotInElectron';
}

const file = process.env.VI_SYNC_ELECTRON_SURFACE;
if (file === undefined) throw new Error('VI_SYNC_ELECTRON_SURFACE names no file.');
// Written by surface.ts a moment ago.
const surface = JSON.parse(readFileSync(file, 'utf8')) as Surface;

/** Breaches so far: a `catch` in the app must not hide one. */
export const breaches: string[] = [];

function refuse(words: string): never {
  breaches.push(words);
  process.stderr.write(`electron double: ${words}\n`);
  throw new NotInElectron(words);
}

function typeOf(name: string): TypeSurface {
  return surface.types[name] ?? refuse(`electron.d.ts has no type “${name}”.`);
}

/** A type and all that it inherits from, as far as it is Electron’s. */
function* lineage(name: string): Generator<TypeSurface> {
  const type = surface.types[name];
  if (type === undefined) return;
  yield type;
  for (const base of type.bases) yield* lineage(base);
}

function memberOf(name: string, key: string, isStatic: boolean): Member | null {
  for (const type of lineage(name)) {
    const member = (isStatic ? type.statics : type.members)[key];
    if (member !== undefined) return member;
  }
  return null;
}

/** Of Node’s EventEmitter, which most of Electron’s classes are. */
const emitterMembers = new Set(['emit', 'removeAllListeners', 'listenerCount', 'listeners', 'eventNames']);
const listeningMembers = new Set(['on', 'once', 'off', 'addListener', 'removeListener']);

export function checkEvent(name: string, event: string): void {
  for (const type of lineage(name)) {
    const isDeprecated = type.events[event];
    if (isDeprecated === true) refuse(`The event “${event}” of ${name} is deprecated.`);
    if (isDeprecated === false) return;
  }
  refuse(`${name} has no event “${event}” in electron.d.ts.`);
}

function checkCall(what: string, calls: readonly (readonly Shape[])[], args: readonly unknown[]): void {
  const problems = calls.map((shapes) => {
    const rest = shapes.at(-1)?.isRest === true ? shapes.at(-1) : undefined;
    if (rest === undefined && args.length > shapes.length) return `${what} takes ${shapes.length} arguments.`;
    return (
      args
        .map((arg, index) => problemOf(what, shapes[index] ?? rest ?? null, arg))
        .find((each) => each !== null) ?? null
    );
  });
  if (problems.length === 0 || problems.includes(null)) return;
  // Of several ways to call it, the last has the most to say: the options.
  refuse(problems.at(-1) ?? what);
}

/** What is wrong with a value; null: nothing that can be seen. */
function problemOf(what: string, shape: Shape | null, value: unknown): string | null {
  if (shape === null || value === undefined || value === null) return null;
  if (Array.isArray(value)) {
    return value.map((each) => problemOf(`${what}[]`, shape, each)).find((each) => each !== null) ?? null;
  }
  if (typeof value === 'string') {
    const isKnown = shape.isOpen || shape.texts.includes(value) || shape.texts.length === 0;
    return isKnown ? null : `${what} can’t be “${value}”.`;
  }
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return null;
  const known = shape.refs.filter((name) => surface.types[name] !== undefined);
  if (known.length === 0 && shape.members === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const member =
      shape.members?.[key] ??
      known.map((name) => memberOf(name, key, false)).find((each) => each !== null) ??
      null;
    if (member === null) return `${what} has no option “${key}” in electron.d.ts.`;
    if (member.isDeprecated) return `The option “${key}” of ${what} is deprecated.`;
    const problem = problemOf(`${what}.${key}`, member.shape, inner);
    if (problem !== null) return problem;
  }
  return null;
}

/**
 * An object of the double as code may use it: what `electron.d.ts` does not have, what is deprecated there, and what the double does not do
 * is refused loudly.
 */
export function guarded<T extends object>(name: string, target: T): T {
  typeOf(name);
  return new Proxy(target, {
    get(object, key) {
      if (typeof key === 'symbol' || key === 'then' || key === 'constructor' || key.startsWith('_')) {
        return Reflect.get(object, key);
      }
      const value: unknown = Reflect.get(object, key);
      if (emitterMembers.has(key)) return typeof value === 'function' ? value.bind(object) : value;
      const member = memberOf(name, key, false);
      if (member === null) return refuse(`${name} has no “${key}” in electron.d.ts.`);
      if (member.isDeprecated) return refuse(`“${key}” of ${name} is deprecated.`);
      if (value === undefined && !(key in object))
        return refuse(`The double of ${name} does not do “${key}”.`);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        if (listeningMembers.has(key)) checkEvent(name, String(args[0]));
        else if (member.calls !== null) checkCall(`${name}.${key}`, member.calls, args);
        const result: unknown = value.apply(object, args);
        return result;
      };
    },
    set(object, key, value) {
      if (typeof key === 'string' && memberOf(name, key, false) === null)
        refuse(`${name} has no “${key}” in electron.d.ts.`);
      return Reflect.set(object, key, value);
    },
  });
}

/** A class of the double as code may use it; what it makes is guarded too. */
export function guardedClass<A extends unknown[], T extends object>(
  name: string,
  Class: new (...args: A) => T,
): new (
  ...args: A
) => T {
  const { constructors } = typeOf(name);
  return new Proxy(Class, {
    construct(target, args: A) {
      checkCall(`new ${name}`, constructors, args);
      return guarded(name, new target(...args));
    },
    get(object, key) {
      if (typeof key === 'symbol' || key === 'prototype' || key === 'name') return Reflect.get(object, key);
      const member = memberOf(name, key, true);
      if (member === null) return refuse(`${name} has no static “${key}” in electron.d.ts.`);
      const value: unknown = Reflect.get(object, key);
      if (typeof value !== 'function') return refuse(`The double of ${name} does not do “${key}”.`);
      return (...args: unknown[]): unknown => {
        if (member.calls !== null) checkCall(`${name}.${key}`, member.calls, args);
        const result: unknown = value.apply(object, args);
        return result;
      };
    },
  });
}
