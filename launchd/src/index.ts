export { findService } from './find-service.ts';
export type { Service, ServiceDefinition, ServiceStatus } from './service.ts';
