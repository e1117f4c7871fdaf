/** What a disk in memory is made of. */
interface Stamped {
  readonly inode: bigint;
  readonly birthNs: bigint;
  mtimeNs: bigint;
  ctimeNs: bigint;
}

export interface FileNode extends Stamped {
  readonly kind: 'file';
  content: Buffer;
  links: number;
}

export interface FolderNode extends Stamped {
  readonly kind: 'folder';
  /** By the key that the disk looks names up by. */
  readonly entries: Map<string, { name: string; node: Node }>;
}

export interface LinkNode extends Stamped {
  readonly kind: 'link';
  /** Absolute path. */
  readonly target: string;
}

export type Node = FileNode | FolderNode | LinkNode;

/** Every file in a folder and in those below it. */
export function* filesBelow(path: string, folder: FolderNode): Generator<{ path: string; node: FileNode }> {
  for (const { name, node } of folder.entries.values()) {
    if (node.kind === 'file') yield { path: `${path}/${name}`, node };
    else if (node.kind === 'folder') yield* filesBelow(`${path}/${name}`, node);
  }
}
