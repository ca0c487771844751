import type { Place } from '#config/files.ts';

/** What went wrong with a bucket, in words for the operator; never with a key or a signature in them. */
export class BucketTrouble extends Error {
  /** Only another setting or another right mends it: trying again does not. */
  readonly isSetting: boolean;
  constructor(words: string, { isSetting, cause }: { isSetting: boolean; cause?: unknown }) {
    super(words, cause === undefined ? {} : { cause });
    this.name = 'BucketTrouble';
    this.isSetting = isSetting;
  }
}

/** An answer that is no success. */
export interface Refusal {
  status: number;
  /** As S3 names it; empty when the body had none. */
  code: string;
  /** Where the bucket says that it is. */
  region: string | null;
  /** The server's time, and ours. */
  serverAt: Date;
  at: Date;
}

const PASSING_CODES = new Set([
  'SlowDown',
  'RequestTimeout',
  'InternalError',
  'ServiceUnavailable',
  'OperationAborted',
  'ThrottlingException',
]);
const TOO_MANY = 429;

export function isPassing({ status, code }: Refusal): boolean {
  return status >= 500 || status === TOO_MANY || PASSING_CODES.has(code);
}

export function refusalTrouble(place: Place, method: string, refusal: Refusal): BucketTrouble {
  if (isPassing(refusal)) {
    const answer = [refusal.status, refusal.code].filter(Boolean).join(' ');
    return new BucketTrouble(`${where(place)} answered ${method} with ${answer}. It may be overloaded; its own log says why.`, {
      isSetting: false,
    });
  }
  return new BucketTrouble(settingWords(place, method, refusal), { isSetting: true });
}

export function silenceTrouble(place: Place, method: string, cause: unknown): BucketTrouble {
  return new BucketTrouble(
    `${where(place)} gave no whole answer to ${method}: ${innermost(cause)}. Check AWS_ENDPOINT_URL_S3 and the network.`,
    {
      isSetting: false,
      cause,
    },
  );
}

function settingWords(place: Place, method: string, refusal: Refusal): string {
  const here = where(place);
  if (refusal.region && refusal.region !== place.region) return `${here} is in another region: set AWS_REGION to "${refusal.region}".`;
  switch (refusal.code) {
    case 'NoSuchBucket':
      return `${here} does not exist. Make it, or correct FILES_URL.`;
    case 'InvalidAccessKeyId':
      return `${here} does not know this AWS_ACCESS_KEY_ID. Copy the key again, or make a new one.`;
    case 'SignatureDoesNotMatch':
      return `${here} refused the signature: AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID, or AWS_REGION is not "${place.region}".`;
    case 'RequestTimeTooSkewed': {
      const seconds = Math.round(Math.abs(refusal.serverAt.getTime() - refusal.at.getTime()) / 1_000);
      return `${here} refused the time of this machine, which is ${seconds} s away from its own. Set both clocks by NTP.`;
    }
    case 'ExpiredToken':
    case 'InvalidToken':
      return `${here} refused AWS_SESSION_TOKEN: it has expired or belongs to another key.`;
    case 'AccessDenied':
      return `${here} does not allow ${method}. The key needs s3:GetObject, s3:PutObject and s3:DeleteObject on ${place.bucket}/${place.prefix}* and s3:ListBucket on ${place.bucket}.`;
    default:
      return `${here} answered ${method} with ${refusal.status} ${refusal.code || '(no code)'}. Check FILES_URL, AWS_ENDPOINT_URL_S3 and the rights of the key.`;
  }
}

function where({ bucket, url }: Place): string {
  return `Bucket "${bucket}" at ${new URL(url).host}`;
}

/** `fetch failed` says nothing; what lies below it does. */
function innermost(error: unknown): string {
  let found = error;
  for (let depth = 0; depth < 8 && found instanceof Error && found.cause instanceof Error; depth += 1) found = found.cause;
  return found instanceof Error ? found.message || ((found as NodeJS.ErrnoException).code ?? found.name) : String(found);
}
