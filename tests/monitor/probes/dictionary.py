"""A small SOAP service: its description with a schema beside it, and one operation that gives a dictionary."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

from tests.slots import free_port

__all__ = ["Dictionary", "serving"]

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:slowniki"
  elementFormDefault="qualified">
 <xs:element name="pobierz"><xs:complexType/></xs:element>
 <xs:element name="jeden"><xs:complexType><xs:sequence><xs:element name="kod" type="xs:int"/></xs:sequence>
 </xs:complexType></xs:element>
 <xs:element name="slownik"><xs:complexType><xs:sequence>
  <xs:element name="pozycja" type="xs:string" maxOccurs="unbounded"/>
 </xs:sequence></xs:complexType></xs:element>
</xs:schema>"""
_WSDL = """<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:slowniki"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema"
  targetNamespace="urn:slowniki" name="Slowniki">
 <types><xs:schema><xs:import namespace="urn:slowniki" schemaLocation="{schema}"/></xs:schema></types>
 <message name="pobierz"><part name="parameters" element="t:pobierz"/></message>
 <message name="jeden"><part name="parameters" element="t:jeden"/></message>
 <message name="slownik"><part name="parameters" element="t:slownik"/></message>
 <portType name="P">
  <operation name="pobierz"><input message="t:pobierz"/><output message="t:slownik"/></operation>
  <operation name="jeden"><input message="t:jeden"/><output message="t:slownik"/></operation>
 </portType>
 <binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
  <operation name="pobierz"><soap:operation soapAction="urn:pobierz"/>
   <input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>
  <operation name="jeden"><soap:operation soapAction="urn:jeden"/>
   <input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>
 </binding>
 <service name="S"><port name="Port" binding="t:B"><soap:address location="{location}"/></port></service>
</definitions>"""
_ANSWER = f"""<e:Envelope xmlns:e="{_SOAP}"><e:Body><s:slownik xmlns:s="urn:slowniki">
 <s:pozycja>zasiłek</s:pozycja></s:slownik></e:Body></e:Envelope>"""
_FAULT = f"""<e:Envelope xmlns:e="{_SOAP}"><e:Body><e:Fault><faultcode>e:Server</faultcode>
 <faultstring>baza niedostępna</faultstring></e:Fault></e:Body></e:Envelope>"""


@dataclass
class Dictionary:
    """What it gives; a test changes it while it serves."""

    port: int = field(default_factory=free_port)
    wsdl: str = _WSDL
    schema: str = "/s?xsd=1"
    location: str = ""
    answer: str = _ANSWER
    status: int = 200
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)

    @property
    def origin(self) -> str:
        """As callers know it."""
        return f"https://csizs.example:{self.port}"

    def fail(self) -> None:
        """Answer with a fault from now on."""
        self.answer, self.status = _FAULT, 500

    def got(self, path: str) -> tuple[int, str]:
        """What a GET gives."""
        self.asked.append(f"GET {path}")
        if path == "/s?xsd=1":
            return 200, _SCHEMA
        location = self.location or f"{self.origin}/s"
        return 200, self.wsdl.replace("{schema}", self.schema).replace("{location}", location)

    def posted(self, body: bytes, action: str) -> tuple[int, str]:
        """What a POST gives."""
        called = ElementTree.fromstring(body).find(f"{{{_SOAP}}}Body")
        assert called is not None
        self.asked.append(f"{action} {called[0].tag.partition('}')[2]} {len(called[0])}")
        return self.status, self.answer


@contextmanager
def serving(dictionary: Dictionary, context: ssl.SSLContext) -> Iterator[None]:
    """Serve it on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(lambda: dictionary.got(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(lambda: dictionary.posted(body, self.headers["SOAPAction"]))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Tests are quiet."""

        def _answer(self, made: Callable[[], tuple[int, str]]) -> None:
            dictionary.agents.add(self.headers["User-Agent"])
            status, text = made()
            raw = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Whoever does not believe us hangs up."""

    with Server(("127.0.0.1", dictionary.port), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
