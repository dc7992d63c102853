export { findProgram } from './find-program.ts';
export { findService } from './find-service.ts';
export { buildLaunchAgent } from './launch-agent.ts';
export type { Service, ServiceDefinition, ServiceStatus } from './service.ts';
