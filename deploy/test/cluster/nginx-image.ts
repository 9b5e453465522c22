// Debian's nginx laid out and started as the official image: its nginx.conf includes conf.d/*.conf, its entry point fills
// in the templates first.

export const NGINX_CONTAINERFILE = `ARG BASE
FROM \${BASE}
RUN groupadd -g 101 nginx; useradd -u 101 -g 101 -M nginx; \\
    printf '%s\\n' 'worker_processes 1; pid /run/nginx.pid; error_log stderr notice;' 'events { worker_connections 1024; }' \\
      'http { include /etc/nginx/mime.types; access_log off; include /etc/nginx/conf.d/*.conf; client_body_temp_path /var/cache/nginx/body; proxy_temp_path /var/cache/nginx/proxy; fastcgi_temp_path /var/cache/nginx/fastcgi; uwsgi_temp_path /var/cache/nginx/uwsgi; scgi_temp_path /var/cache/nginx/scgi; }' > /etc/nginx/nginx.conf; \\
    mkdir -p /var/cache/nginx /etc/nginx/templates; chown -R 101:101 /var/cache/nginx /run /etc/nginx/conf.d
COPY docker-entrypoint.sh /docker-entrypoint.sh
STOPSIGNAL SIGQUIT
ENTRYPOINT ["/docker-entrypoint.sh"]
CMD ["nginx", "-g", "daemon off;"]
`

/** What 15-local-resolvers.envsh and 20-envsubst-on-templates.sh of the official image do. */
export const NGINX_ENTRYPOINT = `#!/bin/sh
set -e
if [ -n "$NGINX_ENTRYPOINT_LOCAL_RESOLVERS" ]; then
  NGINX_LOCAL_RESOLVERS=$(awk '$1 == "nameserver" { printf "%s%s", (n++ ? " " : ""), ($2 ~ ":" ? "[" $2 "]" : $2) }' /etc/resolv.conf)
  export NGINX_LOCAL_RESOLVERS
fi
for template in /etc/nginx/templates/*.template; do
  [ -f "$template" ] || continue
  names=$(env | cut -d= -f1 | grep '^[A-Za-z_][A-Za-z0-9_]*$' | sed 's/.*/\${&}/' | tr '\\n' ' ')
  envsubst "$names" < "$template" > /etc/nginx/conf.d/"$(basename "$template" .template)"
done
exec "$@"
`
