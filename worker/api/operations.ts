/**
 * Every route of the API, as the OpenAPI document tells it. That it is every route, and that each answers as it says here, is what
 * test/worker/openapi.test.ts and answers.test.ts hold against the Worker.
 */
import type { ProblemCode } from '../../core/uplink.ts';
import { BODY, CLUSTER, CLUSTERS, done, json, type Operation } from './operation.ts';
import { READS } from './reads.ts';

const SENT: readonly ProblemCode[] = [...BODY, 'too-many-batches', 'superseded', 'sync-required'];

const ADMINISTRATION: readonly Operation[] = [
  {
    method: 'post',
    path: CLUSTERS,
    id: 'registerCluster',
    summary: 'Registers a cluster',
    access: 'admin',
    body: 'Registration',
    answers: { 201: json('IssuedCode', 'A code that is good once, for an hour, and the command that redeems it.') },
    problems: [...BODY, 'cluster-exists', 'too-many-clusters'],
  },
  {
    method: 'delete',
    path: CLUSTER,
    id: 'removeCluster',
    summary: 'Removes a cluster with all that is known of it',
    access: 'admin',
    answers: { 204: done('It is gone.') },
    problems: ['unknown-cluster'],
  },
  {
    method: 'post',
    path: `${CLUSTER}/token`,
    id: 'issueCode',
    summary: 'Another code; the token before stays good until the new one is first used',
    access: 'admin',
    answers: { 201: json('IssuedCode', 'The code.') },
    problems: ['unknown-cluster', 'invalid'],
  },
  {
    method: 'delete',
    path: `${CLUSTER}/token`,
    id: 'revokeTokens',
    summary: 'No token and no code of the cluster is good from now on',
    access: 'admin',
    answers: { 204: done('They are revoked.') },
    problems: ['unknown-cluster'],
  },
  {
    method: 'get',
    path: `${CLUSTER}/install.yaml`,
    id: 'installForwarder',
    summary: 'Redeems a code, once: what installs the forwarder, with its token',
    access: 'code',
    parameters: [{ name: 'with', in: 'query', description: 'Components, with commas between: harvester, progress.' }],
    answers: {
      200: {
        type: 'application/yaml',
        asJson: 'IssuedToken',
        description: 'For kubectl apply -f; with `accept: application/json` the token alone.',
      },
    },
    problems: ['wrong-code', 'no-forwarder-image', 'invalid'],
  },
];

const LOGIN_AND_SHARES: readonly Operation[] = [
  {
    method: 'post',
    path: '/api/v1/login',
    id: 'logIn',
    summary: 'Changes a token for a cookie',
    access: 'everybody',
    body: 'Login',
    answers: { 204: done('The cookie is set.') },
    problems: [...BODY, 'wrong-token', 'slow-down', 'viewer-access-closed'],
  },
  {
    method: 'post',
    path: '/api/v1/logout',
    id: 'logOut',
    summary: 'Takes the cookie back',
    access: 'everybody',
    answers: { 204: done('The cookie is gone.') },
  },
  {
    method: 'get',
    path: '/api/v1/shares',
    id: 'listShares',
    summary: 'The share links that are not over, without their tokens',
    access: 'admin',
    answers: { 200: json('ShareList', 'The links.') },
  },
  {
    method: 'post',
    path: '/api/v1/shares',
    id: 'createShare',
    summary: 'Makes a share link',
    access: 'admin',
    body: 'ShareWish',
    answers: { 201: json('IssuedShare', 'The link; its token is told this once.') },
    problems: [...BODY, 'too-many-shares', 'shares-off'],
  },
  {
    method: 'delete',
    path: '/api/v1/shares/:id',
    id: 'removeShare',
    summary: 'Ends a share link',
    access: 'admin',
    answers: { 204: done('It is over.') },
    problems: ['unknown-share'],
  },
];

const UPLINK: readonly Operation[] = [
  {
    method: 'post',
    path: `${CLUSTER}/sessions`,
    id: 'openSession',
    summary: 'A forwarder opens a session',
    access: 'forwarder',
    body: 'OpenSession',
    answers: { 200: json('SessionOpened', 'The session.') },
    problems: [...BODY, 'too-many-batches', 'other-cluster', 'protocol'],
  },
  {
    method: 'post',
    path: `${CLUSTER}/batches`,
    id: 'sendBatch',
    summary: 'A part of a sync, its commit, changes, or a heartbeat; gzip is welcome',
    access: 'forwarder',
    body: 'Batch',
    answers: { 200: json('BatchAnswer', 'It is stored.') },
    problems: [...SENT, 'gap', 'too-many-parts', 'too-many-entities', 'too-many-hosts', 'too-many-vms'],
  },
  {
    method: 'post',
    path: `${CLUSTER}/progress`,
    id: 'sendProgress',
    summary: 'How far migrations are; passed on and forgotten',
    access: 'forwarder',
    body: 'ProgressReport',
    answers: { 200: json('Nothing', 'It was passed on.') },
    problems: SENT,
  },
  {
    method: 'get',
    path: `${CLUSTER}/uplink`,
    id: 'checkUplink',
    summary: 'What a session would be answered; changes nothing',
    access: 'forwarder',
    parameters: [
      { name: 'protocol', in: 'query', required: true, description: 'The forwarder’s protocol.' },
      { name: 'clusterUid', in: 'query', description: 'The uid of the namespace kube-system.' },
    ],
    answers: { 200: json('UplinkCheck', 'The session would be opened.') },
    problems: ['invalid', 'name-too-long', 'other-cluster', 'protocol'],
  },
];

const RUNNING: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v1/openapi.json',
    id: 'getOpenApi',
    summary: 'This document',
    access: 'everybody',
    answers: { 200: json('OpenApi', 'OpenAPI 3.1.') },
  },
  {
    method: 'get',
    path: '/healthz',
    id: 'getHealth',
    summary: 'Whether the edge lives',
    access: 'everybody',
    answers: { 200: json('Health', 'It does.') },
  },
  {
    method: 'get',
    path: '/metrics',
    id: 'getMetrics',
    summary: 'Numbers for Prometheus; wakes every room, so ask seldom',
    access: 'admin',
    answers: { 200: { type: 'text/plain', description: 'The text format 0.0.4.' } },
  },
];

export const OPERATIONS: readonly Operation[] = [...READS, ...ADMINISTRATION, ...LOGIN_AND_SHARES, ...UPLINK, ...RUNNING];
