import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, readDataConfig } from '#config.ts';
import { placeOf } from '#config/files.ts';

const KEYS = { AWS_ACCESS_KEY_ID: 'AKI', AWS_SECRET_ACCESS_KEY: 'secret', TIKETTI_SECRET: 's'.repeat(64) };
const read = (environment: Record<string, string>) => readDataConfig({ ...KEYS, ...environment });

function problemsOf(environment: Record<string, string>): string[] {
  try {
    read(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test.each([
  ['s3://desk/files', {}, 'https://desk.s3.us-east-1.amazonaws.com', 'files/'],
  ['s3://desk', { AWS_REGION: 'eu-north-1' }, 'https://desk.s3.eu-north-1.amazonaws.com', ''],
  ['s3://desk.example.com/a/b/', {}, 'https://s3.us-east-1.amazonaws.com/desk.example.com', 'a/b/'],
  ['s3://desk/files', { AWS_ENDPOINT_URL: 'https://s3.example.com/' }, 'https://s3.example.com/desk', 'files/'],
  [
    's3://desk',
    { AWS_ENDPOINT_URL: 'https://aws.example.com', AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000' },
    'http://127.0.0.1:9000/desk',
    '',
  ],
])('%s with %j lies at %s', (url, more, bucketUrl, prefix) => {
  expect(placeOf(read({ FILES_URL: url, ...more }))).toMatchObject({ url: bucketUrl, prefix });
});

test('a folder is no bucket, and asks for no keys', () => {
  expect(placeOf(readDataConfig({ TIKETTI_SECRET: 's'.repeat(64), FILES_URL: 'file:./data/files' }))).toBeNull();
});

test.each([
  ['FILES_URL', 's3://'],
  ['FILES_URL', 's3://Desk_Files/x'],
  ['FILES_URL', 's3://desk/../other'],
  ['FILES_URL', 's3://desk/with space'],
  ['AWS_REGION', 'Frankfurt!'],
  ['AWS_ENDPOINT_URL_S3', '127.0.0.1:9000'],
  ['AWS_ENDPOINT_URL', 'ftp://s3.example.com'],
])('%s=%s is refused in words that say what it should be', (name, value) => {
  expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} must be .*"`))]);
});

test('a bucket without its keys is told before anything opens', () => {
  const problems = problemsOf({ FILES_URL: 's3://desk', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' });
  expect(problems).toEqual([
    expect.stringMatching(/^AWS_ACCESS_KEY_ID is missing\. .* make a key that may read, write, delete and list/),
    expect.stringMatching(/^AWS_SECRET_ACCESS_KEY is missing\./),
  ]);
});

test('keys may lie in files, as all settings may', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tiketti-config-'));
  await writeFile(join(folder, 'key'), 'from a file\n');
  const config = read({ FILES_URL: 's3://desk', AWS_SECRET_ACCESS_KEY: '', AWS_SECRET_ACCESS_KEY_FILE: join(folder, 'key') });
  expect(placeOf(config)?.secretAccessKey).toBe('from a file');
  await rm(folder, { recursive: true });
});
