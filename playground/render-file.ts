import type { FilesInfoResponse } from '@slack/web-api';
import type { FileRecord, JsonObject } from './state.ts';
import type { World } from './world.ts';

export function renderFile(world: World, file: FileRecord): JsonObject {
  if (file.isDeleted) return { id: file.id, mode: 'tombstone' };
  const { team } = world.state;
  const path = `${team.id}-${file.id}`;
  const name = encodeURIComponent(file.name);
  const shown = {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: file.filetype,
    pretty_type: file.filetype.toUpperCase(),
    user: file.user,
    user_team: team.id,
    editable: false,
    size: file.size,
    mode: 'hosted',
    is_external: false,
    external_type: '',
    is_public: isPublic(world, file),
    public_url_shared: false,
    display_as_bot: false,
    username: '',
    url_private: `${world.url}/files-pri/${path}/${name}`,
    url_private_download: `${world.url}/files-pri/${path}/download/${name}`,
    media_display_type: 'unknown',
    ...(file.altText === null ? {} : { alt_txt: file.altText }),
    permalink: `${world.url}/files/${file.user}/${file.id}/${name}`,
    permalink_public: `${world.url}/files-public/${path}`,
    file_access: 'visible',
  } satisfies FilesInfoResponse['file'];
  if (file.externalUrl === undefined) return shown;
  return {
    ...shown,
    mode: 'external',
    is_external: true,
    external_type: 'gdrive',
    url_private: file.externalUrl,
    url_private_download: file.externalUrl,
  };
}

/** With where it was shared, as files.info answers. */
export function renderFileInfo(world: World, file: FileRecord): JsonObject {
  const rendered = renderFile(world, file);
  const inKind = (isWanted: (channelId: string) => boolean): string[] => [
    ...new Set(file.shares.map((share) => share.channel).filter(isWanted)),
  ];
  const kindOf = (channelId: string): string | undefined => world.state.channels[channelId]?.kind;
  const sharesIn = (ids: string[]): JsonObject =>
    Object.fromEntries(ids.map((id) => [id, file.shares.filter((share) => share.channel === id).map(({ ts }) => ({ ts }))]));
  const channels = inKind((id) => kindOf(id) === 'channel');
  const groups = inKind((id) => kindOf(id) === 'group' || kindOf(id) === 'mpim');
  const ims = inKind((id) => kindOf(id) === 'im');
  return {
    ...rendered,
    channels,
    groups,
    ims,
    shares: { public: sharesIn(channels), private: sharesIn([...groups, ...ims]) },
    comments_count: 0,
  };
}

function isPublic(world: World, file: FileRecord): boolean {
  return file.shares.some((share) => world.state.channels[share.channel]?.kind === 'channel');
}
