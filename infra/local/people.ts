/** The administrator of the local cloud, by the name that audit entries show. */
export const administrator = 'admin@example.com';

/** The tenant of `manifests/tenant.yaml`: of one namespace in the cluster, and a viewer of the project. */
export const tenant = 'tenant@example.com';
