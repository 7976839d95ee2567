//! Every refused range at its edges, and laws over all addresses.

use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use tributary_webhook::AddressGuard;
use tributary_webhook::guard::parse_cidrs;

/// First and last address of a refused range, and whether its neighbours are public.
type Row = (&'static str, &'static str, bool, bool);

const V4: [Row; 15] = [
    ("0.0.0.0", "0.255.255.255", false, true),
    ("10.0.0.0", "10.255.255.255", true, true),
    ("100.64.0.0", "100.127.255.255", true, true),
    ("127.0.0.0", "127.255.255.255", true, true),
    ("169.254.0.0", "169.254.255.255", true, true),
    ("172.16.0.0", "172.31.255.255", true, true),
    ("192.0.0.0", "192.0.0.255", true, true),
    ("192.0.2.0", "192.0.2.255", true, true),
    ("192.88.99.0", "192.88.99.255", true, true),
    ("192.168.0.0", "192.168.255.255", true, true),
    ("198.18.0.0", "198.19.255.255", true, true),
    ("198.51.100.0", "198.51.100.255", true, true),
    ("203.0.113.0", "203.0.113.255", true, true),
    ("224.0.0.0", "239.255.255.255", true, false),
    ("240.0.0.0", "255.255.255.255", false, false),
];

const V6: [Row; 12] = [
    ("::", "ff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, false),
    ("100::", "100::ffff:ffff:ffff:ffff", false, false),
    ("100:0:0:1::", "100:0:0:1:ffff:ffff:ffff:ffff", false, false),
    ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", true, true),
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", true, true),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true, true),
    ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", true, true),
    ("5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, false),
    ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, false),
    ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, false),
    ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, false),
    ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false, false),
];

fn allowed(address: impl Into<IpAddr>) -> bool {
    AddressGuard::default().check_address(address.into())
}

fn guard(ranges: &str) -> AddressGuard {
    AddressGuard { allow_cidrs: parse_cidrs(ranges).unwrap(), allow_http: false }
}

fn opens(ranges: &str, address: &str) -> bool {
    guard(ranges).check_address(address.parse().unwrap())
}

#[test]
fn every_ipv4_range_is_refused_from_its_first_to_its_last_address() {
    for (first, last, below, above) in V4 {
        let bits = |text: &str| text.parse::<Ipv4Addr>().unwrap().to_bits();
        let [first_bits, last_bits] = [bits(first), bits(last)];
        assert!(!allowed(Ipv4Addr::from_bits(first_bits)) && !allowed(Ipv4Addr::from_bits(last_bits)), "{first}");
        let neighbour = |bits: Option<u32>| bits.is_some_and(|bits| allowed(Ipv4Addr::from_bits(bits)));
        assert_eq!(neighbour(first_bits.checked_sub(1)), below, "below {first}");
        assert_eq!(neighbour(last_bits.checked_add(1)), above, "above {last}");
    }
}

#[test]
fn every_ipv6_range_is_refused_from_its_first_to_its_last_address() {
    for (first, last, below, above) in V6 {
        let bits = |text: &str| text.parse::<Ipv6Addr>().unwrap().to_bits();
        let [first_bits, last_bits] = [bits(first), bits(last)];
        assert!(!allowed(Ipv6Addr::from_bits(first_bits)) && !allowed(Ipv6Addr::from_bits(last_bits)), "{first}");
        let neighbour = |bits: Option<u128>| bits.is_some_and(|bits| allowed(Ipv6Addr::from_bits(bits)));
        assert_eq!(neighbour(first_bits.checked_sub(1)), below, "below {first}");
        assert_eq!(neighbour(last_bits.checked_add(1)), above, "above {last}");
    }
}

#[test]
fn what_lies_outside_the_public_ipv6_space_is_refused() {
    for (address, expected) in [
        ("1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false),
        ("2000::", true),
        ("3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", true),
        ("4000::", false),
        ("2606:4700:4700::1111", true),
    ] {
        assert_eq!(allowed(address.parse::<IpAddr>().unwrap()), expected, "{address}");
    }
}

#[test]
fn nat64_is_judged_by_the_ipv4_address_behind_it() {
    for (address, expected) in [
        ("64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff", false),
        ("64:ff9b::0.0.0.0", false),
        ("64:ff9b::8.8.8.8", true),
        ("64:ff9b::10.0.0.1", false),
        ("64:ff9b::169.254.169.254", false),
        ("64:ff9b::255.255.255.255", false),
        ("64:ff9b::1:0:0", false),
        ("64:ff9b:1::8.8.8.8", false),
    ] {
        assert_eq!(allowed(address.parse::<IpAddr>().unwrap()), expected, "{address}");
    }
}

#[test]
fn ipv4_in_ipv6_clothes_is_refused() {
    for address in
        ["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::ffff:0:10.0.0.1", "::5efe:10.0.0.1", "2002:7f00:1::"]
    {
        assert!(!allowed(address.parse::<IpAddr>().unwrap()), "{address}");
    }
}

#[test]
fn an_opened_range_opens_itself_and_nothing_else() {
    assert!(opens("127.0.0.0/8, ::1", "127.0.0.1") && opens("127.0.0.0/8, ::1", "::1"));
    assert!(!opens("127.0.0.0/8", "::1") && !opens("127.0.0.0/8", "10.0.0.1"));
    assert!(!opens("127.0.0.0/8", "::ffff:127.0.0.1"));
    assert!(opens("10.0.0.0/8", "64:ff9b::10.1.2.3"));
}

#[test]
fn cloud_metadata_opens_only_by_its_exact_range() {
    let everything = "0.0.0.0/0 ::/0 169.254.0.0/15 169.254.169.254/32 fd00:ec2::/64 64:ff9b::/96";
    for address in [
        "169.254.169.254",
        "fd00:ec2::254",
        "::ffff:169.254.169.254",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::169.254.169.254",
        "2002:a9fe:a9fe::",
    ] {
        assert!(!opens(everything, address), "{address}");
    }
    assert!(opens(everything, "10.0.0.1") && opens(everything, "fd00:ec2::253"));
    assert!(opens("169.254.0.0/16", "169.254.169.254") && opens("fd00:ec2::254", "fd00:ec2::254"));
}

#[test]
fn ranges_of_a_setting_are_read_or_named() {
    assert_eq!(parse_cidrs(" 10.0.0.0/8,, 192.0.2.1 ").unwrap().len(), 2);
    assert!(parse_cidrs("").unwrap().is_empty());
    assert!(parse_cidrs("10.0.0.0/8 loopback").unwrap_err().to_string().contains("loopback"));
}

/// An address inside one of the refused ranges.
fn refused_address() -> impl Strategy<Value = IpAddr> {
    let v4 = (0..V4.len()).prop_flat_map(|row| {
        let bits = |text: &str| text.parse::<Ipv4Addr>().unwrap().to_bits();
        (bits(V4[row].0)..=bits(V4[row].1)).prop_map(Ipv4Addr::from_bits)
    });
    let v6 = (0..V6.len()).prop_flat_map(|row| {
        let bits = |text: &str| text.parse::<Ipv6Addr>().unwrap().to_bits();
        (bits(V6[row].0)..=bits(V6[row].1)).prop_map(Ipv6Addr::from_bits)
    });
    let outside =
        any::<u128>().prop_map(Ipv6Addr::from_bits).prop_filter("public", |address| address.octets()[0] >> 5 != 1);
    let nat64 = v4.clone().prop_map(|v4| Ipv6Addr::from_bits((0x64_ff9b << 96) | u128::from(v4.to_bits())));
    prop_oneof![
        v4.prop_map(IpAddr::V4),
        v6.prop_filter("NAT64 has its own rule", |address| address.segments()[..2] != [0x64, 0xff9b])
            .prop_map(IpAddr::V6),
        outside.prop_filter("NAT64", |address| address.segments()[..2] != [0x64, 0xff9b]).prop_map(IpAddr::V6),
        nat64.prop_map(IpAddr::V6),
    ]
}

proptest! {
    #[test]
    fn no_refused_address_passes(address in refused_address()) {
        prop_assert!(!allowed(address));
        let host = match address { IpAddr::V4(v4) => v4.to_string(), IpAddr::V6(v6) => format!("[{v6}]") };
        let saved = AddressGuard::default().check_url(&format!("https://{host}/hook"));
        prop_assert_eq!(saved.unwrap_err().code(), "blocked_address");
    }

    #[test]
    fn one_refused_address_among_public_ones_refuses_the_target(
        address in refused_address(),
        public in prop::collection::vec(Just(IpAddr::from([8, 8, 8, 8])), 0..4),
        place in any::<prop::sample::Index>(),
    ) {
        let mut found = public;
        found.insert(place.index(found.len() + 1), address);
        prop_assert!(tributary_webhook::guard::vet(&AddressGuard::default(), &found).is_err());
    }
}
