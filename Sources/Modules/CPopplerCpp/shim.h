// The C++ headers are used by CPageText alone; this module brings the flags of pkg-config.
