import { z } from 'zod';

// Letters that mean themselves in a URL and in XML, so that no server reads a name otherwise than another.
const BUCKET = String.raw`[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]`;
const S3_URL = new RegExp(String.raw`^s3://(?<bucket>${BUCKET})(?<prefix>(?:/[\w-][\w.-]*)*)/?$`);

const FILES_RULE = 'must be a folder such as "file:./data/files", or a bucket such as "s3://my-bucket/tiketti".';
const endpoint = z.url({ protocol: /^https?$/, error: 'must be a URL such as "https://s3.example.com".' }).optional();

/** Where files lie. The names of what S3 needs are those of every S3 tool. */
export const filesShape = {
  FILES_URL: z
    .string()
    .refine((url) => url.startsWith('file:') || S3_URL.test(url), FILES_RULE)
    .default('file:./data/files'),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  AWS_REGION: z
    .string()
    .regex(/^[a-z0-9-]+$/, 'must be a region such as "eu-north-1".')
    .default('us-east-1'),
  AWS_ENDPOINT_URL_S3: endpoint,
  AWS_ENDPOINT_URL: endpoint,
};

export type FilesConfig = z.infer<z.ZodObject<typeof filesShape>>;

/** Keys are asked for only where there is a bucket. */
export function filesProblems(values: Record<string, string | undefined>): string[] {
  if (!values['FILES_URL']?.startsWith('s3:')) return [];
  return ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']
    .filter((name) => !values[name])
    .map((name) => `${name} is missing. With FILES_URL=s3://… make a key that may read, write, delete and list in this bucket.`);
}

/** A bucket, and who asks for it. */
export interface Place {
  bucket: string;
  /** Empty, or ending in a slash. */
  prefix: string;
  /** Of the bucket itself, without a slash at its end. */
  url: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** Null where files lie in a folder. */
export function placeOf(config: FilesConfig): Place | null {
  const { bucket = '', prefix = '' } = S3_URL.exec(config.FILES_URL)?.groups ?? {};
  if (!bucket) return null;
  return {
    bucket,
    prefix: prefix ? `${prefix.slice(1)}/` : '',
    url: bucketUrl(bucket, config),
    region: config.AWS_REGION,
    accessKeyId: config.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: config.AWS_SECRET_ACCESS_KEY ?? '',
    ...(config.AWS_SESSION_TOKEN ? { sessionToken: config.AWS_SESSION_TOKEN } : {}),
  };
}

function bucketUrl(bucket: string, config: FilesConfig): string {
  const endpoint = config.AWS_ENDPOINT_URL_S3 ?? config.AWS_ENDPOINT_URL;
  // Other servers rarely have a host name and a certificate for each bucket; nor has AWS for names with dots.
  if (endpoint) return `${endpoint.replace(/\/+$/, '')}/${bucket}`;
  const host = `s3.${config.AWS_REGION}.amazonaws.com`;
  return bucket.includes('.') ? `https://${host}/${bucket}` : `https://${bucket}.${host}`;
}
