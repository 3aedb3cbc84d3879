/** Kubernetes' rules for names, without their lengths: what does not follow them is refused on the uplink, so nobody may send it. */

/** A namespace, and a cluster's name. */
export const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** A host or a VM. */
export const SUBDOMAIN = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
