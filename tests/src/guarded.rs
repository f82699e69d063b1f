//! A PostgreSQL cluster that lets nobody in who only knows a password: by the machine's word for who somebody is, or by a
//! certificate.

use std::net::{IpAddr, Ipv4Addr};

use crate::Sql;
use crate::certificates::Authority;
use crate::cluster::Cluster;

const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// The cluster, with one database for each role: both bear the same name.
#[derive(Debug)]
pub struct Guarded {
    cluster: Cluster,
    /// Whose certificates it believes, and whose it shows.
    pub authority: Authority,
}

impl Guarded {
    /// Starts it. `mapped` is the role that this process's account of the machine is; the others it is not.
    pub fn start(mapped: &str, others: &[&str]) -> Self {
        let authority = Authority::default();
        let server = authority.server(ADDRESS);
        let entrances = "local all postgres trust\nlocal all all peer map=machine\nhostssl all all 127.0.0.1/32 cert";
        let map = format!("machine {} {mapped}", account());
        let guards = [&server.certificate, &server.key, &authority.certificate(), entrances, &map];
        let cluster = Cluster::guarded(&guards);
        let sql = Sql::open(&cluster.socket_url("postgres", "postgres"));
        for role in others.iter().chain([&mapped]) {
            sql.execute(&format!("CREATE ROLE {role} LOGIN"));
            sql.execute(&format!("CREATE DATABASE {role} OWNER {role}"));
        }
        Self { cluster, authority }
    }

    /// What `--database` takes, by way of the socket.
    pub fn by_socket(&self, role: &str) -> String {
        self.cluster.socket_url(role, role)
    }

    /// What `--database` takes, over TLS; `parameters` name certificates.
    pub fn by_network(&self, host: &str, role: &str, parameters: &str) -> String {
        format!("postgres://{role}@{host}:{}/{role}?sslmode=verify-full{parameters}", self.cluster.port())
    }
}

/// The name of the account that this process runs as.
fn account() -> String {
    let output = std::process::Command::new("id").arg("-un").output().expect("there is a shell's `id`");
    String::from_utf8(output.stdout).expect("accounts are named in ASCII").trim().to_owned()
}
