# The two forms of the Kubernetes example `https-nginx`; everything else is an npm script (see README.md).
KEY  ?= /tmp/nginx.key
CERT ?= /tmp/nginx.crt

# Node 26 comes with `npm ci`; an older Node of the system cannot run TypeScript.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: keys clean

keys: node_modules
	@node certs/make-certs.ts pair --key '$(KEY)' --cert '$(CERT)'

clean:
	rm -f -- '$(KEY)' '$(CERT)'

node_modules:
	@echo 'make: run `npm ci` first, it brings the Node that makes the keys' >&2; exit 1
