# 2026-11-03 07:12:44 by RouterOS 7.16.1
# software id = AB12-CD34
#
# model = CRS326-24G-2S+
# serial number = 000000000000
/interface bridge
add admin-mac=02:00:5E:00:53:10 auto-mac=no comment=\
    "glowny most, nie ruszac! (2019)" igmp-snooping=yes name=bridge1 \
    port-cost-mode=short priority=0x4000
/interface ethernet
set [ find default-name=ether1 ] comment="serwer; \"stary\" \$10 i co\3F"
set [ find default-name=ether2 ] disabled=yes speed=100M-baseT-full
set [ find default-name=sfp-sfpplus1 ] comment=uplink l2mtu=9000 name=uplink
/interface vlan
add interface=bridge1 name=zarzadzanie vlan-id=10
add interface=bridge1 name=goscie vlan-id=99
/interface ethernet switch port
set 3 limit-unknown-unicasts=yes storm-rate=50
/interface list
add name=LAN
/interface wireless security-profiles
set [ find default=yes ] supplicant-identity=MikroTik
/ip pool
add name=dhcp_pool0 ranges=192.168.88.10-192.168.88.254
/ip dhcp-server
add address-pool=dhcp_pool0 interface=bridge1 name=defconf
/snmp community
set [ find default=yes ] addresses=0.0.0.0/0 name=tajna-nazwa write-access=yes
add addresses=::/0 name=druga
/system logging action
set 3 remote=10.64.1.77
add name=zdalny remote=192.0.2.9 target=remote
/interface bridge port
add bridge=bridge1 comment=defconf interface=ether1
add bridge=bridge1 comment=defconf interface=ether2 pvid=99
add bridge=bridge1 interface=ether3 pvid=30 trusted=yes
add bridge=bridge1 interface=uplink
add bridge=bridge1 interface=ether40 pvid=77
/ip firewall connection tracking
set enabled=yes
/ip neighbor discovery-settings
set discover-interface-list=all lldp-med-net-policy-vlan=5
/interface bridge vlan
add bridge=bridge1 tagged=bridge1,uplink vlan-ids=10
add bridge=bridge1 tagged=uplink untagged=ether2 vlan-ids=99
add bridge=bridge1 tagged=uplink vlan-ids=30,31-33
/interface list member
add interface=bridge1 list=LAN
/ip address
add address=192.168.88.1/24 comment=defconf interface=bridge1 network=\
    192.168.88.0
add address=10.64.16.3/24 interface=zarzadzanie network=10.64.16.0
/ip dhcp-client
add disabled=yes interface=bridge1
/ip dns
set allow-remote-requests=yes servers=8.8.8.8
/ip firewall filter
add action=accept chain=input comment=\
    "przepuszczaj polaczenia zestawione, bo inaczej nic nie dziala i trzeba je\
    chac na Kwiatowa" connection-state=established,related
add action=drop chain=input in-interface-list=!LAN
/ip route
add disabled=no distance=1 dst-address=0.0.0.0/0 gateway=10.64.16.99 \
    routing-table=main scope=30 suppress-hw-offload=no target-scope=10
add dst-address=192.168.7.0/24 gateway=10.64.16.98
/ip service
set telnet address=10.0.0.0/8 port=2323
set ftp disabled=yes
set api disabled=yes
/ip ssh
set always-allow-password-login=yes forwarding-enabled=both
/radius
add address=10.64.1.8 secret=stary-sekret service=login
/snmp
set contact=admin@example.test enabled=yes location="piwnica"
/system clock
set time-zone-name=Europe/Warsaw
/system identity
set name=sw-b-1
/system logging
set 0 topics=info,!dhcp
add action=zdalny topics=error
add action=remote topics=info
/system note
set note="Router glowny\r\
    \nHaslo na kartce" show-at-cli-login=yes
/system ntp client
set enabled=yes
/system ntp client servers
add address=pool.ntp.org
/system scheduler
add interval=1d name=kopia on-event="/system backup save name=nocna" policy=\
    ftp,reboot,read,write,policy,test,password,sniff,sensitive,romon \
    start-time=03:00:00
/tool bandwidth-server
set authenticate=no
/tool romon
set enabled=yes
/user
add comment="system default user" group=full name=admin password=admin-admin-1
add address=10.64.0.0/16 group=read name=janek password=janek-janek-2
