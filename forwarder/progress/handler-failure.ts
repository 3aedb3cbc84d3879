/** What can go wrong between the forwarder and a virt-handler, and how it is said to people. Pure. */
import type { HostName } from '../../core/model.ts';
import type { HandlerAddress } from './handler-address.ts';

export type HandlerFailure =
  /** No answer, or it broke off. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** HTTP's; 503 where too many ask at once. */
  | { readonly kind: 'status'; readonly status: number }
  /** It shows a certificate that KubeVirt's authority did not sign for a virt-handler. */
  | { readonly kind: 'untrusted'; readonly reason: string }
  /** More than any virt-handler has to say. */
  | { readonly kind: 'too-large' };

/** One sentence that says what to do, without a full stop. */
export function formatHandlerFailure(failure: HandlerFailure, host: HostName, { ip, port }: HandlerAddress): string {
  const who = `the virt-handler of ${host} (${ip}, port ${port})`;
  switch (failure.kind) {
    case 'unreachable':
      return `no progress of migrations: ${who} cannot be reached: ${failure.reason}; run the forwarder inside the cluster, and let no NetworkPolicy keep it from that port`;
    case 'status':
      return `no progress of migrations: ${who} answers ${failure.status}; trying again later`;
    case 'untrusted':
      return `no progress of migrations: ${who} shows a certificate that is not KubeVirt's: ${failure.reason}; see the ConfigMap kubevirt-ca`;
    case 'too-large':
      return `no progress of migrations: ${who} says more than a virt-handler can; is it one?`;
  }
}

/** Node's codes for a certificate that does not stand the test. */
const CERTIFICATE_CODES =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_(GET|VERIFY)|INVALID_(CA|PURPOSE)|PATH_LENGTH|HOSTNAME_MISMATCH)/;

export const isCertificateError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && CERTIFICATE_CODES.test(error.code);
