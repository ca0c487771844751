import type { Clock } from '#clock.ts';
import { filePath } from '#config.ts';
import { type FilesConfig, placeOf } from '#config/files.ts';
import type { FileStore } from './store.ts';

/** A folder or a bucket. Loads only the driver that is used. */
export async function openFileStore(config: FilesConfig, clock: Clock): Promise<FileStore> {
  const place = placeOf(config);
  if (place) return (await import('./s3.ts')).openBucket(place, clock);
  return (await import('./folder.ts')).openFolder(filePath(config.FILES_URL), clock);
}
