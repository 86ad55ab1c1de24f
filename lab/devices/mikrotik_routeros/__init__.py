"""An emulated CRS3xx with RouterOS 7: its console over SSH, its export, its backups, its scheduler.

Sources: MikroTik's manual (manual.mikrotik.com: CLI reference, "Scripting", "Scheduler", "Backup", "Configuration
management"), the data of Ansible's community.routeros for defaults, netmiko's mikrotik_ssh.py for how it is logged in
to. The words of its errors are from general knowledge, not verified on a device.
"""
