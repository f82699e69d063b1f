# One PostgreSQL cluster in a folder of its own, on 127.0.0.1:$2. It lives until standard input closes, which the
# system does when the test process ends, however it ends; then it is stopped and its folder removed.
# $1: the folder of PostgreSQL's programs. Says "ready" and where its socket is once connections are taken.
# Where they are given: $3 and $4 the server's certificate and key, $5 the authority whose certificates clients show,
# $6 who is let in (pg_hba.conf), $7 which accounts of the machine are which roles (pg_ident.conf).
set -eu
folder=$(mktemp -d "${TMPDIR:-/tmp}/otasuketai-postgres.XXXXXX")
cd "$folder"
trap 'rm -rf "$folder"' EXIT
trap : INT TERM
"$1/initdb" --pgdata=data --username=postgres --auth=trust --encoding=UTF8 --no-locale >log 2>&1 || { cat log >&2; exit 1; }
if [ $# -gt 2 ]; then
    (umask 077 && printf '%s' "$3" >data/server.crt && printf '%s' "$4" >data/server.key && printf '%s' "$5" >data/root.crt)
    printf '%s\n' "$6" >data/pg_hba.conf
    printf '%s\n' "$7" >data/pg_ident.conf
    printf '%s\n' 'ssl = on' "ssl_ca_file = 'root.crt'" >>data/postgresql.conf
fi
"$1/postgres" -D data -p "$2" -c listen_addresses=127.0.0.1 -c "unix_socket_directories=$folder" \
    -c max_connections=400 -c fsync=on -c full_page_writes=on >>log 2>&1 </dev/null &
postgres=$!
until "$1/pg_isready" -q -h 127.0.0.1 -p "$2" -U postgres; do
    kill -0 $postgres 2>/dev/null || { cat log >&2; exit 1; }
    sleep 0.05
done
echo "ready $folder"
cat >/dev/null || :
kill -INT $postgres 2>/dev/null || :
wait $postgres || :
