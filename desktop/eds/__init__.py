"""Electronic digital signature: keys, certificates, signing and verifying PDF bytes."""
