/** The administrator of the local cloud, by the name that audit entries show. */
export const administrator = 'admin@example.com';
