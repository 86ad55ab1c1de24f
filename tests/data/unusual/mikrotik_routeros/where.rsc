/interface bridge
add name=bridge1 vlan-filtering=yes
/interface ethernet
set [find where default-name=ether1] comment=biurko
set [ find default-name=ether2 ] disabled=yes
/interface list
add name=LAN
/snmp community
set [find default=yes] addresses=0.0.0.0/0 name=tajna write-access=yes
/interface bridge port
add bridge=bridge1 interface=ether1 pvid=30
add bridge=bridge1 interface=ether2 pvid=99
add bridge=bridge1 interface=ether3
/interface bridge vlan
add bridge=bridge1 tagged=ether3 vlan-ids=30,31
/ip address
add address=10.64.16.3/24 interface=bridge1 network=10.64.16.0
/ip service
set telnet address=10.0.0.0/8 port=2323
set ftp disabled=yes
set api disabled=yes
/snmp
set contact=admin@example.test enabled=yes location=piwnica
/system identity
set name=sw-u
/system logging action
set 3 remote=10.64.1.77
/system logging
add action=remote topics=info
/system ntp client
set enabled=yes
/system ntp client servers
add address=pool.ntp.org
/user
add group=full name=admin password=admin-admin-1
