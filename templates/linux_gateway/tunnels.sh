#!/bin/sh
# Opens the tunnels that this gateway opens and that are down, for ever: what a far end has once refused, because it was
# only just starting, charon itself does not try again, and the way to this building would stay shut.
conf=/etc/swanctl/conf.d/fosa.conf
while :; do
    # The block opened last before "start_action = start" is the child of that name.
    for tunnel in $(awk '/^ *[a-z][a-z0-9-]* \{$/ { name = $1 } /start_action = start/ { print name }' "$conf"); do
        if ! timeout 5 swanctl --list-sas --ike "$tunnel" 2>/dev/null | grep -q -e CONNECTING -e INSTALLED; then
            timeout 15 swanctl --initiate --child "$tunnel" --timeout 10 >/dev/null 2>&1
        fi
    done
    sleep 3
done
