/** Which of two resourceVersions is older. Pure. */

/** etcd's revisions, of which a server has one order for all kinds; Kubernetes allows comparing them so from 1.35 on (KEP-5504). */
const REVISION = /^\d{1,20}$/;

/** False also where one of them is no number, so that nothing can be said. */
export const isOlderVersion = (version: string, other: string): boolean =>
  REVISION.test(version) && REVISION.test(other) && BigInt(version) < BigInt(other);
