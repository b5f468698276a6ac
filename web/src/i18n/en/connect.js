// English texts of the view Connect.

export const connect = {
  connect_help: 'Point a client at this server with these settings. Any unmodified SDK works.',
  connect_settings: 'Client settings',
  connect_endpoint: 'Endpoint',
  connect_protocol: 'Protocol',
  connect_ca: 'CA certificate',
  connect_ca_help: 'for https',
  connect_secret_unknown: 'the one that the server was started with',
  connect_no_key: 'This account has no access key. Select another account, or create a tenant.',
  connect_create_tenant: 'Create a tenant for me',
  connect_tenant_created: 'Tenant {account} created. Its key is in the settings and the program below.',
  connect_program: 'Sample code',
  connect_environment: 'Set the access key first',
  connect_latest: 'Latest request',
  connect_waiting: 'Waiting for your first request…',
  connect_see_signature: 'See why the signature is wrong',
};
