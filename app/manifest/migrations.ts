/**
 * The schema, step by step: the version of a database is the number of steps that it has been through. A step that has been released
 * is never changed; a new one is added at the end.
 *
 * `bound` and `settled` say which rows a plan must look at, and are kept by triggers alone, so that no writer can forget them:
 * `bound` = a synced base names this file or asset; `settled` = the base has been decided about since its file or asset last changed;
 * `queued` = what is to be done about it, which waits for its turn.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE mirror (
    id INTEGER PRIMARY KEY,
    mirror_id TEXT NOT NULL UNIQUE,
    folder TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    dataset_id TEXT NOT NULL,
    dataset_name TEXT,
    sandbox INTEGER NOT NULL,
    folds_case INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_scan_at INTEGER,
    last_listing_at INTEGER,
    last_full_listing_at INTEGER,
    watermark INTEGER,
    unlisted INTEGER NOT NULL DEFAULT 0,
    UNIQUE (folder, organization_id, dataset_id)
  ) STRICT;

  CREATE TABLE setting (
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (scope, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE local (
    mirror INTEGER NOT NULL REFERENCES mirror(id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    path TEXT NOT NULL,
    folder TEXT NOT NULL,
    remote_name TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    birthtime_ns INTEGER NOT NULL,
    sha256 TEXT,
    crc32c INTEGER,
    other_hash TEXT,
    mime TEXT,
    width INTEGER,
    height INTEGER,
    problem TEXT,
    observed INTEGER NOT NULL,
    bound INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (mirror, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX local_folder ON local (mirror, folder);
  CREATE INDEX local_remote_name ON local (mirror, remote_name);
  CREATE INDEX local_sha256 ON local (mirror, sha256);
  CREATE INDEX local_unbound ON local (mirror, key) WHERE bound = 0;

  CREATE TABLE remote (
    mirror INTEGER NOT NULL REFERENCES mirror(id) ON DELETE CASCADE,
    asset_id TEXT NOT NULL,
    filename TEXT NOT NULL,
    size INTEGER,
    hash_algorithm TEXT,
    hash TEXT,
    sha256 TEXT,
    etag TEXT NOT NULL,
    annotations INTEGER,
    contents_updated INTEGER,
    mime TEXT,
    width INTEGER,
    height INTEGER,
    custom_metadata TEXT NOT NULL,
    target_path TEXT,
    target_key TEXT,
    name_problem TEXT,
    bound INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (mirror, asset_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX remote_filename ON remote (mirror, filename);
  CREATE INDEX remote_sha256 ON remote (mirror, sha256);
  CREATE INDEX remote_target ON remote (mirror, target_key);
  CREATE INDEX remote_unbound ON remote (mirror, asset_id) WHERE bound = 0;

  CREATE TABLE synced (
    mirror INTEGER NOT NULL REFERENCES mirror(id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    path TEXT NOT NULL,
    asset_id TEXT NOT NULL,
    filename TEXT NOT NULL,
    local_size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    inode INTEGER NOT NULL,
    birthtime_ns INTEGER NOT NULL,
    remote_size INTEGER,
    hash_algorithm TEXT,
    hash TEXT,
    contents_updated INTEGER,
    settled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (mirror, key)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX synced_asset ON synced (mirror, asset_id);
  CREATE INDEX synced_filename ON synced (mirror, filename);
  CREATE INDEX synced_sha256 ON synced (mirror, sha256);
  CREATE INDEX synced_inode ON synced (mirror, inode, birthtime_ns);
  CREATE INDEX synced_unsettled ON synced (mirror, key) WHERE settled = 0;

  CREATE TRIGGER local_inserted AFTER INSERT ON local BEGIN
    UPDATE local SET bound = 1 WHERE mirror = NEW.mirror AND key = NEW.key
      AND EXISTS (SELECT 1 FROM synced s WHERE s.mirror = NEW.mirror AND s.key = NEW.key);
    UPDATE synced SET settled = 0 WHERE mirror = NEW.mirror AND key = NEW.key;
  END;
  CREATE TRIGGER local_updated AFTER UPDATE OF path, size, inode, birthtime_ns, sha256, other_hash, problem ON local
    WHEN OLD.path <> NEW.path OR OLD.size <> NEW.size OR OLD.inode <> NEW.inode OR OLD.birthtime_ns <> NEW.birthtime_ns
      OR OLD.sha256 IS NOT NEW.sha256 OR OLD.other_hash IS NOT NEW.other_hash OR OLD.problem IS NOT NEW.problem BEGIN
    UPDATE synced SET settled = 0 WHERE mirror = NEW.mirror AND key = NEW.key;
  END;
  CREATE TRIGGER local_deleted AFTER DELETE ON local BEGIN
    UPDATE synced SET settled = 0 WHERE mirror = OLD.mirror AND key = OLD.key;
  END;

  CREATE TRIGGER remote_inserted AFTER INSERT ON remote BEGIN
    UPDATE remote SET bound = 1 WHERE mirror = NEW.mirror AND asset_id = NEW.asset_id
      AND EXISTS (SELECT 1 FROM synced s WHERE s.mirror = NEW.mirror AND s.asset_id = NEW.asset_id);
    UPDATE synced SET settled = 0 WHERE mirror = NEW.mirror AND (asset_id = NEW.asset_id OR filename = NEW.filename);
  END;
  CREATE TRIGGER remote_updated
    AFTER UPDATE OF filename, size, hash_algorithm, hash, sha256, annotations, contents_updated ON remote
    WHEN OLD.filename <> NEW.filename OR OLD.size IS NOT NEW.size OR OLD.hash_algorithm IS NOT NEW.hash_algorithm
      OR OLD.hash IS NOT NEW.hash OR OLD.sha256 IS NOT NEW.sha256 OR OLD.annotations IS NOT NEW.annotations
      OR OLD.contents_updated IS NOT NEW.contents_updated BEGIN
    UPDATE synced SET settled = 0 WHERE mirror = NEW.mirror AND (asset_id = NEW.asset_id OR filename = NEW.filename);
  END;
  CREATE TRIGGER remote_deleted AFTER DELETE ON remote BEGIN
    UPDATE synced SET settled = 0 WHERE mirror = OLD.mirror AND asset_id = OLD.asset_id;
  END;

  CREATE TRIGGER synced_inserted AFTER INSERT ON synced BEGIN
    UPDATE local SET bound = 1 WHERE mirror = NEW.mirror AND key = NEW.key;
    UPDATE remote SET bound = 1 WHERE mirror = NEW.mirror AND asset_id = NEW.asset_id;
  END;
  CREATE TRIGGER synced_moved AFTER UPDATE OF key, asset_id ON synced
    WHEN OLD.key <> NEW.key OR OLD.asset_id <> NEW.asset_id BEGIN
    UPDATE local SET bound = 0 WHERE mirror = OLD.mirror AND key = OLD.key
      AND NOT EXISTS (SELECT 1 FROM synced s WHERE s.mirror = OLD.mirror AND s.key = OLD.key);
    UPDATE remote SET bound = 0 WHERE mirror = OLD.mirror AND asset_id = OLD.asset_id
      AND NOT EXISTS (SELECT 1 FROM synced s WHERE s.mirror = OLD.mirror AND s.asset_id = OLD.asset_id);
    UPDATE local SET bound = 1 WHERE mirror = NEW.mirror AND key = NEW.key;
    UPDATE remote SET bound = 1 WHERE mirror = NEW.mirror AND asset_id = NEW.asset_id;
  END;
  CREATE TRIGGER synced_deleted AFTER DELETE ON synced BEGIN
    UPDATE local SET bound = 0 WHERE mirror = OLD.mirror AND key = OLD.key;
    UPDATE remote SET bound = 0 WHERE mirror = OLD.mirror AND asset_id = OLD.asset_id;
  END;

  CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    mirror INTEGER NOT NULL REFERENCES mirror(id) ON DELETE CASCADE,
    session_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    service_created INTEGER,
    finished_at INTEGER,
    service_finished INTEGER
  ) STRICT;
  CREATE TABLE session_file (
    session INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    filename TEXT NOT NULL,
    mirror INTEGER NOT NULL,
    key TEXT NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    crc32c INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    birthtime_ns INTEGER NOT NULL,
    step TEXT NOT NULL,
    target TEXT,
    replaces TEXT,
    PRIMARY KEY (session, filename)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX session_file_key ON session_file (mirror, key);
  CREATE INDEX session_file_name ON session_file (mirror, filename);
  CREATE INDEX session_file_content ON session_file (mirror, sha256);

  CREATE TABLE session_spend (
    id INTEGER PRIMARY KEY,
    organization_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    reserve INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE decision (
    mirror INTEGER NOT NULL REFERENCES mirror(id) ON DELETE CASCADE,
    item TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer TEXT NOT NULL,
    answered_at INTEGER NOT NULL,
    PRIMARY KEY (mirror, item)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE failure (
    mirror INTEGER NOT NULL REFERENCES mirror(id) ON DELETE CASCADE,
    item TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    problem TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_at INTEGER,
    PRIMARY KEY (mirror, item)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE trash (
    id INTEGER PRIMARY KEY,
    mirror INTEGER NOT NULL REFERENCES mirror(id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    trash_path TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT,
    reason TEXT NOT NULL,
    step TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX trash_moving ON trash (mirror) WHERE step = 'moving';

  CREATE TABLE activity (
    id INTEGER PRIMARY KEY,
    mirror INTEGER NOT NULL REFERENCES mirror(id) ON DELETE CASCADE,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    path TEXT,
    message TEXT NOT NULL
  ) STRICT;

  CREATE TABLE entry (
    mirror INTEGER NOT NULL REFERENCES mirror(id) ON DELETE CASCADE,
    item TEXT NOT NULL,
    path TEXT NOT NULL,
    folded TEXT NOT NULL,
    state TEXT NOT NULL,
    size INTEGER,
    key TEXT,
    asset_id TEXT,
    problem TEXT,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (mirror, item)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX entry_path ON entry (mirror, folded, item);
  CREATE INDEX entry_state ON entry (mirror, state, folded, item);
  CREATE INDEX entry_size ON entry (mirror, size, folded, item);
  CREATE INDEX entry_changed ON entry (mirror, changed_at, folded, item);

  CREATE TABLE entry_count (
    mirror INTEGER NOT NULL REFERENCES mirror(id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    files INTEGER NOT NULL,
    PRIMARY KEY (mirror, state)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER entry_of_local AFTER DELETE ON local
    WHEN NOT EXISTS (SELECT 1 FROM synced s WHERE s.mirror = OLD.mirror AND s.key = OLD.key) BEGIN
    DELETE FROM entry WHERE mirror = OLD.mirror AND item = 'f:' || OLD.key;
  END;
  CREATE TRIGGER entry_of_remote AFTER DELETE ON remote BEGIN
    DELETE FROM entry WHERE mirror = OLD.mirror AND item = 'a:' || OLD.asset_id;
  END;
  CREATE TRIGGER entry_of_bound AFTER INSERT ON synced BEGIN
    DELETE FROM entry WHERE mirror = NEW.mirror AND item = 'a:' || NEW.asset_id;
  END;
  CREATE TRIGGER entry_of_moved AFTER UPDATE OF key ON synced WHEN OLD.key <> NEW.key BEGIN
    DELETE FROM entry WHERE mirror = OLD.mirror AND item = 'f:' || OLD.key;
  END;
  CREATE TRIGGER entry_of_synced AFTER DELETE ON synced
    WHEN NOT EXISTS (SELECT 1 FROM local l WHERE l.mirror = OLD.mirror AND l.key = OLD.key) BEGIN
    DELETE FROM entry WHERE mirror = OLD.mirror AND item = 'f:' || OLD.key;
  END;
  CREATE TRIGGER entry_inserted AFTER INSERT ON entry BEGIN
    INSERT INTO entry_count VALUES (NEW.mirror, NEW.state, 1)
      ON CONFLICT DO UPDATE SET files = files + 1;
  END;
  CREATE TRIGGER entry_deleted AFTER DELETE ON entry BEGIN
    UPDATE entry_count SET files = files - 1 WHERE mirror = OLD.mirror AND state = OLD.state;
  END;
  CREATE TRIGGER entry_changed_state AFTER UPDATE OF state ON entry WHEN OLD.state <> NEW.state BEGIN
    UPDATE entry_count SET files = files - 1 WHERE mirror = OLD.mirror AND state = OLD.state;
    INSERT INTO entry_count VALUES (NEW.mirror, NEW.state, 1)
      ON CONFLICT DO UPDATE SET files = files + 1;
  END;
  `,
  // What people are asked and answer, deletions, pausing, and the go of a first sync.
  `
  ALTER TABLE mirror ADD COLUMN approved_at INTEGER;
  ALTER TABLE mirror ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
  UPDATE mirror SET approved_at = created_at;
  ALTER TABLE entry ADD COLUMN hold TEXT;
  ALTER TABLE entry ADD COLUMN fingerprint TEXT;
  CREATE INDEX entry_hold ON entry (mirror, hold, folded, item) WHERE hold IS NOT NULL;
  ALTER TABLE session ADD COLUMN annotations TEXT NOT NULL DEFAULT 'KeepLinkedResource';
  ALTER TABLE session_file ADD COLUMN replaces_asset TEXT;
  ALTER TABLE session_file ADD COLUMN agreed_annotations INTEGER;
  CREATE TABLE deletion (
    id INTEGER PRIMARY KEY,
    mirror INTEGER NOT NULL REFERENCES mirror(id) ON DELETE CASCADE,
    side TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX deletion_at ON deletion (mirror, side, at);
  CREATE INDEX trash_kept ON trash (at) WHERE step = 'kept';
  -- Held before there were answers: they are decided anew, and become questions.
  UPDATE synced SET settled = 0 WHERE EXISTS (
    SELECT 1 FROM entry e WHERE e.mirror = synced.mirror AND e.item = 'f:' || synced.key AND e.state IN ('held', 'remote-only'));
  `,
  // What was counted by looking at every row is counted as it changes.
  `
  CREATE TABLE run (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    number INTEGER NOT NULL,
    is_open INTEGER NOT NULL,
    checked_at INTEGER NOT NULL,
    kept_changes INTEGER NOT NULL
  ) STRICT;
  INSERT INTO run SELECT 1, coalesce(max(observed), 0) / 4294967296, 0, 0, 0 FROM local;

  ALTER TABLE mirror ADD COLUMN bases_lost_at INTEGER;

  CREATE TABLE asset_count (
    mirror INTEGER PRIMARY KEY REFERENCES mirror(id) ON DELETE CASCADE,
    assets INTEGER NOT NULL
  ) STRICT;
  INSERT INTO asset_count SELECT mirror, count(*) FROM remote GROUP BY mirror;
  CREATE TRIGGER asset_counted AFTER INSERT ON remote BEGIN
    INSERT INTO asset_count VALUES (NEW.mirror, 1) ON CONFLICT DO UPDATE SET assets = assets + 1;
  END;
  CREATE TRIGGER asset_uncounted AFTER DELETE ON remote BEGIN
    UPDATE asset_count SET assets = assets - 1 WHERE mirror = OLD.mirror;
  END;

  -- By two statements: with OR in one, every base of the mirror was looked at for each asset.
  DROP TRIGGER remote_inserted;
  CREATE TRIGGER remote_inserted AFTER INSERT ON remote BEGIN
    UPDATE remote SET bound = 1 WHERE mirror = NEW.mirror AND asset_id = NEW.asset_id
      AND EXISTS (SELECT 1 FROM synced s WHERE s.mirror = NEW.mirror AND s.asset_id = NEW.asset_id);
    UPDATE synced SET settled = 0 WHERE mirror = NEW.mirror AND asset_id = NEW.asset_id;
    UPDATE synced SET settled = 0 WHERE mirror = NEW.mirror AND key IN (
      SELECT s.key FROM synced s INDEXED BY synced_filename WHERE s.mirror = NEW.mirror AND s.filename = NEW.filename);
  END;
  DROP TRIGGER remote_updated;
  CREATE TRIGGER remote_updated
    AFTER UPDATE OF filename, size, hash_algorithm, hash, sha256, annotations, contents_updated ON remote
    WHEN OLD.filename <> NEW.filename OR OLD.size IS NOT NEW.size OR OLD.hash_algorithm IS NOT NEW.hash_algorithm
      OR OLD.hash IS NOT NEW.hash OR OLD.sha256 IS NOT NEW.sha256 OR OLD.annotations IS NOT NEW.annotations
      OR OLD.contents_updated IS NOT NEW.contents_updated BEGIN
    UPDATE synced SET settled = 0 WHERE mirror = NEW.mirror AND asset_id = NEW.asset_id;
    UPDATE synced SET settled = 0 WHERE mirror = NEW.mirror AND key IN (
      SELECT s.key FROM synced s INDEXED BY synced_filename WHERE s.mirror = NEW.mirror AND s.filename = NEW.filename);
  END;

  CREATE INDEX failure_next ON failure (mirror, next_at) WHERE next_at IS NOT NULL;
  `,
  // Where other disks are mounted in a mirrored folder: one that is unmounted later has not lost its files.
  `
  CREATE TABLE mount (
    mirror INTEGER NOT NULL REFERENCES mirror(id) ON DELETE CASCADE,
    folder TEXT NOT NULL,
    PRIMARY KEY (mirror, folder)
  ) STRICT, WITHOUT ROWID;
  `,
  // A mirror that a person has removed, and whose rows go little by little.
  `
  ALTER TABLE mirror ADD COLUMN removed_at INTEGER;
  `,
  // What uploads have used of each organization's quota.
  `
  CREATE TABLE quota_use (
    endpoint TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    data_rows INTEGER NOT NULL,
    PRIMARY KEY (endpoint, organization_id)
  ) STRICT, WITHOUT ROWID;
  `,
  // What activities tell, as code and facts, so that they can be told in another language.
  `
  ALTER TABLE activity ADD COLUMN told TEXT;
  `,
  // What is decided and waits for its turn is left out of plans that have enough to do. Its mark goes, by triggers alone, when it changes,
  // when what it may be paired with changes, and when it is not shown as waiting any more.
  `
  ALTER TABLE local ADD COLUMN queued TEXT NOT NULL DEFAULT '';
  ALTER TABLE remote ADD COLUMN queued TEXT NOT NULL DEFAULT '';
  ALTER TABLE synced ADD COLUMN queued TEXT NOT NULL DEFAULT '';
  DROP INDEX local_unbound;
  CREATE INDEX local_unbound ON local (mirror, queued, key, size) WHERE bound = 0;
  DROP INDEX remote_unbound;
  CREATE INDEX remote_unbound ON remote (mirror, queued, asset_id, size) WHERE bound = 0;
  DROP INDEX synced_unsettled;
  CREATE INDEX synced_unsettled ON synced (mirror, queued, key) WHERE settled = 0;
  -- In the order in which the first one is looked up: to sort even one row takes ten times as long as to find it.
  DROP INDEX remote_filename;
  CREATE INDEX remote_filename ON remote (mirror, filename, contents_updated);
  DROP INDEX remote_target;
  CREATE INDEX remote_target ON remote (mirror, target_key, filename);
  DROP INDEX remote_sha256;
  CREATE INDEX remote_sha256 ON remote (mirror, sha256, filename);
  DROP INDEX synced_sha256;
  CREATE INDEX synced_sha256 ON synced (mirror, sha256, path);

  CREATE TRIGGER local_came AFTER INSERT ON local BEGIN
    UPDATE remote SET queued = '' WHERE mirror = NEW.mirror AND queued <> '' AND asset_id IN (
      SELECT r.asset_id FROM remote r INDEXED BY remote_filename WHERE r.mirror = NEW.mirror AND r.filename = NEW.remote_name);
    UPDATE remote SET queued = '' WHERE mirror = NEW.mirror AND queued <> '' AND asset_id IN (
      SELECT r.asset_id FROM remote r INDEXED BY remote_target WHERE r.mirror = NEW.mirror AND r.target_key = NEW.key);
  END;
  CREATE TRIGGER local_unqueued AFTER UPDATE OF path, remote_name, size, inode, birthtime_ns, sha256, other_hash, problem, bound ON local
    WHEN OLD.path <> NEW.path OR OLD.remote_name <> NEW.remote_name OR OLD.size <> NEW.size OR OLD.inode <> NEW.inode
      OR OLD.birthtime_ns <> NEW.birthtime_ns OR OLD.sha256 IS NOT NEW.sha256 OR OLD.other_hash IS NOT NEW.other_hash
      OR OLD.problem IS NOT NEW.problem OR OLD.bound > NEW.bound BEGIN
    UPDATE local SET queued = '' WHERE mirror = NEW.mirror AND key = NEW.key AND queued <> '';
    UPDATE remote SET queued = '' WHERE mirror = NEW.mirror AND queued <> '' AND asset_id IN (
      SELECT r.asset_id FROM remote r INDEXED BY remote_filename WHERE r.mirror = NEW.mirror AND r.filename IN (OLD.remote_name, NEW.remote_name));
    UPDATE remote SET queued = '' WHERE mirror = NEW.mirror AND queued <> '' AND asset_id IN (
      SELECT r.asset_id FROM remote r INDEXED BY remote_target WHERE r.mirror = NEW.mirror AND r.target_key = NEW.key);
  END;
  CREATE TRIGGER remote_came AFTER INSERT ON remote BEGIN
    UPDATE local SET queued = '' WHERE mirror = NEW.mirror AND queued <> '' AND key IN (
      SELECT l.key FROM local l INDEXED BY local_remote_name WHERE l.mirror = NEW.mirror AND l.remote_name = NEW.filename);
    UPDATE local SET queued = '' WHERE mirror = NEW.mirror AND key = NEW.target_key AND queued <> '';
  END;
  CREATE TRIGGER remote_unqueued AFTER UPDATE OF filename, size, hash_algorithm, hash, sha256, annotations, contents_updated, custom_metadata,
      target_key, name_problem, bound ON remote
    WHEN OLD.filename <> NEW.filename OR OLD.size IS NOT NEW.size OR OLD.hash_algorithm IS NOT NEW.hash_algorithm
      OR OLD.hash IS NOT NEW.hash OR OLD.sha256 IS NOT NEW.sha256 OR OLD.annotations IS NOT NEW.annotations
      OR OLD.contents_updated IS NOT NEW.contents_updated OR OLD.custom_metadata <> NEW.custom_metadata
      OR OLD.target_key IS NOT NEW.target_key OR OLD.name_problem IS NOT NEW.name_problem OR OLD.bound > NEW.bound BEGIN
    UPDATE remote SET queued = '' WHERE mirror = NEW.mirror AND asset_id = NEW.asset_id AND queued <> '';
    UPDATE local SET queued = '' WHERE mirror = NEW.mirror AND queued <> '' AND key IN (
      SELECT l.key FROM local l INDEXED BY local_remote_name WHERE l.mirror = NEW.mirror AND l.remote_name IN (OLD.filename, NEW.filename));
    UPDATE local SET queued = '' WHERE mirror = NEW.mirror AND key = NEW.target_key AND queued <> '';
  END;
  CREATE TRIGGER synced_unqueued AFTER UPDATE OF settled, key, asset_id, filename ON synced WHEN NEW.settled = 0 AND NEW.queued <> '' BEGIN
    UPDATE synced SET queued = '' WHERE mirror = NEW.mirror AND key = NEW.key;
  END;
  CREATE TRIGGER entry_unqueued AFTER UPDATE OF state ON entry WHEN OLD.state = 'waiting' AND NEW.state <> 'waiting' BEGIN
    UPDATE local SET queued = '' WHERE mirror = NEW.mirror AND key = substr(NEW.item, 3) AND NEW.item LIKE 'f:%' AND queued <> '';
    UPDATE synced SET queued = '' WHERE mirror = NEW.mirror AND key = substr(NEW.item, 3) AND NEW.item LIKE 'f:%' AND queued <> '';
    UPDATE remote SET queued = '' WHERE mirror = NEW.mirror AND asset_id = substr(NEW.item, 3) AND NEW.item LIKE 'a:%' AND queued <> '';
  END;
  `,
];
