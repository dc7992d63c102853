import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface StandInHub {
  readonly endpoint: string;
  readonly repository: string;
  readonly commit: string;
  /** Requests for files, as `name` or `name from byte`. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export interface HubFault {
  /** Ends the connection after so many bytes of each answer with a file. */
  cutAfterBytes?: number;
  /** Sends nothing more after so many bytes, and never ends. */
  stallAfterBytes?: number;
  ignoresRanges?: boolean;
  /** Sends other bytes than it announced. */
  lies?: boolean;
  status?: number;
  /** Answers so to requests for files. */
  fileStatus?: number;
  /** Sends requests for files there. */
  location?: string;
  /** Answers with the page of a network that wants a log-in: for everything, or for files alone. */
  page?: 'everything' | 'files';
  /** Describes the repository with this. */
  description?: string;
  /** Describes the repository in so many bytes more than it needs. */
  padsDescriptionBy?: number;
}

export interface HubContent {
  readonly repository: string;
  /** The only revision beside `main` and the first pull request. */
  readonly commit: string;
  /** The path of a mirror on its host. */
  readonly place?: string;
  /** What a mirror wants as `Authorization`. The host that it redirects to does not. */
  readonly authorization?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
}

const tiny: HubContent = { repository: 'owner/tiny', commit: 'c0ffee'.padEnd(40, '0') };

/** A Hub with one repository that misbehaves as it is told; faults can be changed at any time. */
export async function startStandInHub(
  files: Readonly<Record<string, Buffer>>,
  fault: HubFault = {},
  { repository, commit, place = '', authorization, tls }: HubContent = tiny,
): Promise<StandInHub> {
  const asked: string[] = [];
  const answer: RequestListener = (request, response) => {
    const whole = new URL(request.url ?? '', 'http://hub').pathname;
    const isElsewhere = whole.startsWith('/elsewhere/');
    const path = whole.startsWith(place) ? whole.slice(place.length) : whole;
    if (fault.page === 'everything' || (fault.page === 'files' && isElsewhere)) return sendPage(response);
    if (authorization !== undefined && (request.headers.authorization === authorization) === isElsewhere) {
      return void response.writeHead(isElsewhere ? 400 : 401).end();
    }
    if (fault.status !== undefined) return void response.writeHead(fault.status).end();
    // A slash in a revision is encoded, as huggingface_hub's `quote(revision, safe="")` does.
    const isRevision = ['main', 'refs%2Fpr%2F1', commit].some(
      (revision) => path === `/api/models/${repository}/revision/${revision}`,
    );
    if (isRevision) {
      const description = fault.description ?? JSON.stringify({ sha: commit, siblings: siblingsOf(files) });
      return void response.end(description + ' '.repeat(fault.padsDescriptionBy ?? 0));
    }
    const folder = `/${repository}/resolve/${commit}/`;
    const name = path.startsWith(folder) ? decodeURIComponent(path.slice(folder.length)) : '';
    if (files[name] !== undefined && fault.fileStatus !== undefined) {
      asked.push(name);
      return void response.writeHead(fault.fileStatus).end();
    }
    // As the real one sends large files from elsewhere; a mirror with a password, from another host.
    const elsewhere = authorization === undefined ? '' : `http://localhost:${request.socket.localPort}`;
    if (files[name] !== undefined) {
      if (fault.location !== undefined) asked.push(name);
      return void response
        .writeHead(302, { location: fault.location ?? `${elsewhere}/elsewhere/${encodeURI(name)}` })
        .end();
    }
    const content = files[decodeURIComponent(path.slice('/elsewhere/'.length))];
    if (content === undefined) return void response.writeHead(404).end();
    sendFile(content, { request, response, fault, tell: (line) => asked.push(path.slice(11) + line) });
  };
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...{ repository, commit, asked },
    endpoint: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}${place}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function sendPage(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<title>Welcome to our hotel</title>');
}

function siblingsOf(files: Readonly<Record<string, Buffer>>) {
  return Object.entries(files).map(([rfilename, content]) => {
    const blobId = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
    const sha256 = createHash('sha256').update(content).digest('hex');
    const isLarge = /\.(safetensors|npz)$/.test(rfilename);
    return { rfilename, size: content.length, blobId, ...(isLarge && { lfs: { sha256, size: content.length } }) };
  });
}

interface Sending {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly fault: HubFault;
  readonly tell: (line: string) => void;
}

function sendFile(content: Buffer, { request, response, fault, tell }: Sending): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  tell(from === 0 ? '' : ` from ${from}`);
  const start = fault.ignoresRanges ? 0 : from;
  const bytes = fault.lies ? Buffer.from(content.subarray(start)).fill(7) : content.subarray(start);
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': bytes.length });
  const limit = fault.cutAfterBytes ?? fault.stallAfterBytes;
  if (limit === undefined || limit >= bytes.length) return void response.end(bytes);
  response.write(bytes.subarray(0, limit), () => fault.cutAfterBytes !== undefined && response.socket?.end());
}
