import { z } from 'zod';
import { type CallError, callErrorSchema, type Facts, factsSchema } from './contract.ts';
import { errorFacts } from './error-facts.ts';
import { redactSecrets } from './redact.ts';
import { ViError } from './vi/index.ts';

/** Errors of the engine and of the client carry some of these; what is missing is filled in. */
const describedErrorSchema = z.object({
  code: z.string(),
  message: z.string(),
  title: z.string().optional(),
  detail: z.string().optional(),
  suggestion: z.string().optional(),
  facts: factsSchema.optional().catch(undefined),
});

const carriesProblemSchema = z.object({ problem: callErrorSchema });

/**
 * Turns whatever was thrown into the data that crosses to a front end. An error that carries a `problem`, or a code and a suggestion of its
 * own, keeps its words; anything else is told as a fault of the app.
 */
export function toCallError(error: unknown): CallError {
  const whole = carriesProblemSchema.safeParse(error);
  if (whole.success) return redact(whole.data.problem);
  const described = describedErrorSchema.safeParse(error);
  if (described.success) {
    const { code, message, title, detail, suggestion, facts } = described.data;
    return redact({
      code,
      title: title ?? 'That did not work',
      detail: detail ?? message,
      suggestion: suggestion ?? 'Try again. If it keeps happening, look at the log.',
      facts: { message, ...(error instanceof ViError ? errorFacts(error) : facts) },
    });
  }
  return redact({
    code: 'internal',
    facts: { message: error instanceof Error ? error.message : String(error) },
    title: 'Something went wrong inside Vi Sync',
    detail: error instanceof Error ? error.message : String(error),
    suggestion: 'Try again. If it keeps happening, restart Vi Sync and look at the log.',
  });
}

/** No error should hold a secret: this is the last door before the page. */
function redact(error: CallError): CallError {
  const { facts } = error;
  return {
    code: error.code,
    title: redactSecrets(error.title),
    detail: redactSecrets(error.detail),
    suggestion: redactSecrets(error.suggestion),
    ...(facts === undefined ? {} : { facts: redactFacts(facts) }),
  };
}

function redactFacts(facts: Facts): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [
      name,
      typeof fact === 'string' ? redactSecrets(fact) : fact,
    ]),
  );
}
