//! The address ranges no delivery goes to, after the IANA special-purpose registries. What is not known to be
//! public is refused.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const fn v4(a: u8, b: u8, c: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, 0), prefix)
}

const fn v6(head: [u16; 4], prefix: u8) -> Ipv6Net {
    let [a, b, c, d] = head;
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0), prefix)
}

/// Refused IPv4 ranges.
const REFUSED_V4: [Ipv4Net; 15] = [
    v4(0, 0, 0, 8),       // this network
    v4(10, 0, 0, 8),      // private
    v4(100, 64, 0, 10),   // carrier-grade NAT
    v4(127, 0, 0, 8),     // loopback
    v4(169, 254, 0, 16),  // link local, cloud metadata
    v4(172, 16, 0, 12),   // private
    v4(192, 0, 0, 24),    // protocol assignments
    v4(192, 0, 2, 24),    // documentation
    v4(192, 88, 99, 24),  // old 6to4 relays
    v4(192, 168, 0, 16),  // private
    v4(198, 18, 0, 15),   // benchmarks
    v4(198, 51, 100, 24), // documentation
    v4(203, 0, 113, 24),  // documentation
    v4(224, 0, 0, 4),     // multicast
    v4(240, 0, 0, 4),     // reserved, broadcast
];

/// Public IPv6 space: everything outside is refused.
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0, 0, 0], 3);

/// Refused IPv6 ranges inside [`GLOBAL_V6`], and beside them the well-known ones outside, for the reader.
const REFUSED_V6: [Ipv6Net; 12] = [
    v6([0, 0, 0, 0], 8),           // unspecified, loopback, mapped and translated IPv4, local NAT64
    v6([0x100, 0, 0, 0], 64),      // discard
    v6([0x100, 0, 0, 1], 64),      // dummy
    v6([0x2001, 0, 0, 0], 23),     // protocol assignments: Teredo, ORCHID and others
    v6([0x2001, 0xdb8, 0, 0], 32), // documentation
    v6([0x2002, 0, 0, 0], 16),     // 6to4
    v6([0x3fff, 0, 0, 0], 20),     // documentation
    v6([0x5f00, 0, 0, 0], 16),     // segment routing
    v6([0xfc00, 0, 0, 0], 7),      // unique local
    v6([0xfe80, 0, 0, 0], 10),     // link local
    v6([0xfec0, 0, 0, 0], 10),     // old site local
    v6([0xff00, 0, 0, 0], 8),      // multicast
];

/// The well-known NAT64 range (RFC 6052): the last 32 bits are the IPv4 address that is reached.
const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0, 0], 96);

/// Where clouds keep the credentials of a machine.
const METADATA_V4: Ipv4Net = v4(169, 254, 0, 16);
const METADATA_V6: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254), 128);

pub(super) fn refused_v4(address: Ipv4Addr) -> bool {
    REFUSED_V4.iter().any(|range| range.contains(&address))
}

/// Leaves out the NAT64 range, which [`nat64`] takes apart first.
pub(super) fn refused_v6(address: Ipv6Addr) -> bool {
    !GLOBAL_V6.contains(&address) || REFUSED_V6.iter().any(|range| range.contains(&address))
}

/// The IPv4 address behind an address of the well-known NAT64 range.
pub(super) fn nat64(address: Ipv6Addr) -> Option<Ipv4Addr> {
    NAT64.contains(&address).then(|| last_bits(address))
}

/// The only range whose being listed opens this address, when it leads to cloud metadata; so that opening
/// `0.0.0.0/0` or `::/0` for a test does not open that as well.
pub(super) fn metadata_range(address: IpAddr) -> Option<IpNet> {
    let metadata_v4 = |v4: Ipv4Addr| METADATA_V4.contains(&v4).then_some(IpNet::V4(METADATA_V4));
    match address {
        IpAddr::V4(v4) => metadata_v4(v4),
        IpAddr::V6(v6) if METADATA_V6.contains(&v6) => Some(IpNet::V6(METADATA_V6)),
        IpAddr::V6(v6) => carried(v6).and_then(metadata_v4),
    }
}

/// The IPv4 address inside a mapped, compatible, translated, local NAT64 or 6to4 address.
fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.octets() {
        [0, ..] => Some(last_bits(address)),
        [0x20, 0x02, a, b, c, d, ..] => Some(Ipv4Addr::new(a, b, c, d)),
        _ => None,
    }
}

fn last_bits(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}
