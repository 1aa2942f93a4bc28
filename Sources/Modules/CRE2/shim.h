// The C++ headers are used by CSchemaValidator alone; this module brings the flags of pkg-config.
