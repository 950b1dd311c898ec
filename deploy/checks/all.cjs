require('./schemas.cjs');
require('./dockerfile.cjs');
require('./agreement.cjs');
