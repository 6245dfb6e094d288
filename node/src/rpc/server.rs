// SPDX-License-Identifier: Apache-2.0

//! The JSON-RPC server. The SDK's server does not have the limits of [`super::admission`] and
//! [`super::connection`], and offers no way to add them.

use super::{
    admission::{Admission, AdmissionLayer},
    connection::{Connection, Watched},
};
use forwarded_header_value::ForwardedHeaderValue;
use http::{HeaderMap, HeaderValue};
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use jsonrpsee::{
    server::{
        middleware::http::HostFilterLayer, stop_channel, ws, IdProvider, Methods, PingConfig,
        RandomStringIdProvider, RpcServiceBuilder, ServerBuilder, ServerHandle, StopHandle,
        TowerServiceBuilder,
    },
    RpcModule,
};
use log::{debug, info};
use sc_rpc::DenyUnsafe;
use sc_rpc_server::{
    utils::deny_unsafe, IpNetwork, Metrics, MiddlewareLayer, NodeHealthProxyLayer, RpcEndpoint,
    RpcMethods, RpcMetrics,
};
use sc_service::{config::RpcConfiguration, error::Error, ChainType};
use std::{
    future::Future,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    str::FromStr,
    sync::{atomic::AtomicUsize, Arc},
    time::{Duration, Instant},
};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime::{Handle, Runtime},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tower::{
    layer::util::{Identity, Stack},
    util::Either,
    Service, ServiceBuilder,
};
use tower_http::cors::{AllowOrigin, CorsLayer};

const LOG_TARGET: &str = "rpc";
const MEGABYTE: u32 = 1024 * 1024;
const PING_INTERVAL: Duration = Duration::from_secs(30);
const PING_PATIENCE: Duration = Duration::from_secs(60);
const MAX_FAILED_PINGS: usize = 3;

/// Maximum time for a client to send the head of a request, and to stay idle between two HTTP
/// requests.
const HEAD_PATIENCE: Duration = Duration::from_secs(15);

/// Number of connections above the limit that are accepted, to respond that there are too many.
/// Further ones are closed without a response.
const MORE_CONNECTIONS: u32 = 32;

/// The HTTP layers, from the innermost: allowed origins of browsers, health without JSON-RPC, and
/// allowed host names.
type HttpLayers = Stack<
    CorsLayer,
    Stack<NodeHealthProxyLayer, Stack<Either<HostFilterLayer, Identity>, Identity>>,
>;

/// A running server. It stops when it is dropped.
pub struct Server {
    handle: ServerHandle,
    runtime: Option<Runtime>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.handle.stop();
        if let Some(runtime) = self.runtime.take() {
            // Not blocking, because the drop can happen in an asynchronous context.
            runtime.shutdown_background();
        }
    }
}

/// The state that all endpoints share.
#[derive(Clone)]
struct Shared {
    methods: Methods,
    metrics: Option<RpcMetrics>,
    admission: Arc<Admission>,
    /// The bytes of all waiting requests.
    waiting: Arc<AtomicUsize>,
    request_log: u32,
    stop: StopHandle,
}

/// The state that the connections of an endpoint share.
#[derive(Clone)]
struct Endpoint {
    shared: Shared,
    service: TowerServiceBuilder<Identity, HttpLayers>,
    /// A permit for each connection.
    room: Arc<Semaphore>,
    deny_unsafe: DenyUnsafe,
    rate_limit: Option<NonZeroU32>,
    trusts_proxies: bool,
    without_limit: Vec<IpNetwork>,
}

/// Starts the server. The methods' tasks run in `runtime`, which the server owns. Fails if it
/// cannot listen on a required endpoint, or on any.
pub fn start(
    config: &RpcConfiguration,
    chain: &ChainType,
    metrics: Option<RpcMetrics>,
    mut module: RpcModule<()>,
    admission: Arc<Admission>,
    runtime: Runtime,
) -> Result<Server, Error> {
    name_methods(&mut module)?;
    let (stop, handle) = stop_channel();
    let names: Vec<_> = module.method_names().collect();
    let shared = Shared {
        metrics: metrics.map(|metrics| metrics.with_known_methods(names)),
        methods: module.into(),
        admission,
        waiting: Arc::default(),
        request_log: config.request_logger_limit,
        stop,
    };
    // Created here, so that an error below shuts the runtime down.
    let mut server = Server { handle, runtime: None };
    let tasks = runtime.handle().clone();
    server.runtime = Some(runtime);
    let endpoints = endpoints(config, chain);
    let mut addresses = Vec::new();
    for endpoint in endpoints {
        let Some(listener) = listen(&endpoint, &tasks)? else { continue };
        let address = listener.local_addr()?;
        addresses.push(address);
        let endpoint = prepare(endpoint, address, &shared, &tasks)?;
        tasks.spawn(accept(listener, endpoint, tasks.clone()));
    }
    if addresses.is_empty() {
        return Err(Error::Other("cannot listen for RPC clients on any address".into()));
    }
    let list: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    // Programs parse the port from this line. A comma follows a single address.
    let comma = if list.len() == 1 { "," } else { "" };
    info!("Running JSON-RPC server: addr={}{comma}", list.join(","));
    Ok(server)
}

/// Adds the method that lists all methods.
fn name_methods(module: &mut RpcModule<()>) -> Result<(), Error> {
    let mut names: Vec<_> = module.method_names().chain(["rpc_methods"]).collect();
    names.sort_unstable();
    let added = module
        .register_method("rpc_methods", move |_, _, _| serde_json::json!({ "methods": names }));
    added.map(drop).map_err(|error| Error::Application(error.into()))
}

/// Returns the configured endpoints, by default those on the loopback addresses.
fn endpoints(config: &RpcConfiguration, chain: &ChainType) -> Vec<RpcEndpoint> {
    let local = |address: IpAddr, is_optional| RpcEndpoint {
        listen_addr: SocketAddr::new(address, config.port),
        batch_config: config.batch_config,
        max_connections: config.max_connections,
        max_payload_in_mb: config.max_request_size,
        max_payload_out_mb: config.max_response_size,
        max_subscriptions_per_connection: config.max_subs_per_conn,
        max_buffer_capacity_per_connection: config.message_buffer_capacity,
        rate_limit: config.rate_limit,
        rate_limit_trust_proxy_headers: config.rate_limit_trust_proxy_headers,
        rate_limit_whitelisted_ips: config.rate_limit_whitelisted_ips.clone(),
        cors: config.cors.clone(),
        rpc_methods: config.methods,
        is_optional,
        retry_random_port: true,
    };
    let mut endpoints = config.addr.clone().unwrap_or_else(|| {
        vec![local(Ipv4Addr::LOCALHOST.into(), false), local(Ipv6Addr::LOCALHOST.into(), true)]
    });
    for endpoint in &mut endpoints {
        endpoint.rpc_methods = methods(endpoint.rpc_methods, chain);
        // An endpoint of its own has the SDK's limits, which are higher.
        lower(&mut endpoint.max_payload_in_mb, config.max_request_size);
        lower(&mut endpoint.max_payload_out_mb, config.max_response_size);
        lower(&mut endpoint.max_subscriptions_per_connection, config.max_subs_per_conn);
    }
    endpoints
}

fn lower(limit: &mut u32, to: u32) {
    *limit = to.min(*limit);
}

/// Returns the effective setting. Reverse proxies connect from the loopback address, so on a live
/// chain that address does not identify an operator.
fn methods(methods: RpcMethods, chain: &ChainType) -> RpcMethods {
    match (methods, chain) {
        (RpcMethods::Auto, ChainType::Development | ChainType::Local) => RpcMethods::Auto,
        (RpcMethods::Unsafe, _) => RpcMethods::Unsafe,
        _ => RpcMethods::Safe,
    }
}

/// Listens on an endpoint's address, or on another port if that is allowed. Returns `None` if an
/// optional endpoint is not available.
fn listen(endpoint: &RpcEndpoint, tasks: &Handle) -> Result<Option<TcpListener>, Error> {
    let bind = |address: SocketAddr| {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let _runtime = tasks.enter();
        TcpListener::from_std(listener)
    };
    let address = endpoint.listen_addr;
    let listener = bind(address).or_else(|error| match endpoint.retry_random_port {
        true => bind(SocketAddr::new(address.ip(), 0)),
        false => Err(error),
    });
    match listener {
        Ok(listener) => Ok(Some(listener)),
        Err(error) if endpoint.is_optional => {
            debug!(target: LOG_TARGET, "Not listening on {address}: {error}.");
            Ok(None)
        },
        Err(error) => {
            Err(Error::Other(format!("cannot listen for RPC clients on {address}: {error}")))
        },
    }
}

/// Builds the service that handles the connections of an endpoint.
fn prepare(
    endpoint: RpcEndpoint,
    address: SocketAddr,
    shared: &Shared,
    tasks: &Handle,
) -> Result<Endpoint, Error> {
    let invalid = |error: Box<dyn std::error::Error + Send + Sync>| Error::Application(error);
    // Without a list of origins, all origins and hosts are allowed.
    let hosts = endpoint.cors.is_some().then(|| {
        ["localhost", "127.0.0.1", "[::1]"].map(|host| format!("{host}:{}", address.port()))
    });
    let hosts = hosts.map(HostFilterLayer::new).transpose();
    let hosts = hosts.map_err(|error| invalid(error.into()))?;
    let cors = match endpoint.cors {
        None => CorsLayer::permissive(),
        Some(origins) => {
            let origins = origins.iter().map(|origin| HeaderValue::from_str(origin));
            let origins = origins.collect::<Result<Vec<_>, _>>();
            let origins = origins.map_err(|error| invalid(error.into()))?;
            CorsLayer::new().allow_origin(AllowOrigin::list(origins))
        },
    };
    let layers = ServiceBuilder::new().option_layer(hosts).layer(NodeHealthProxyLayer).layer(cors);
    let ping = PingConfig::new()
        .ping_interval(PING_INTERVAL)
        .inactive_limit(PING_PATIENCE)
        .max_failures(MAX_FAILED_PINGS);
    let service = ServerBuilder::new()
        .max_request_body_size(endpoint.max_payload_in_mb.saturating_mul(MEGABYTE))
        .max_response_body_size(endpoint.max_payload_out_mb.saturating_mul(MEGABYTE))
        .max_connections(endpoint.max_connections)
        .max_subscriptions_per_connection(endpoint.max_subscriptions_per_connection)
        .enable_ws_ping(ping)
        .set_message_buffer_capacity(endpoint.max_buffer_capacity_per_connection)
        .set_batch_request_config(endpoint.batch_config)
        .set_http_middleware(layers)
        .custom_tokio_runtime(tasks.clone())
        .set_id_provider(Box::new(RandomStringIdProvider::new(16)) as Box<dyn IdProvider>)
        .to_service_builder();
    Ok(Endpoint {
        shared: shared.clone(),
        service,
        room: Arc::new(Semaphore::new(
            endpoint.max_connections.saturating_add(MORE_CONNECTIONS) as usize
        )),
        deny_unsafe: deny_unsafe(&address, &endpoint.rpc_methods),
        rate_limit: endpoint.rate_limit,
        trusts_proxies: endpoint.rate_limit_trust_proxy_headers,
        without_limit: endpoint.rate_limit_whitelisted_ips,
    })
}

/// Accepts connections until the server is stopped.
async fn accept(listener: TcpListener, endpoint: Endpoint, tasks: Handle) {
    let stopped = endpoint.shared.stop.clone().shutdown();
    tokio::pin!(stopped);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stopped => break,
        };
        match accepted {
            Ok((stream, address)) => {
                let Ok(room) = endpoint.room.clone().try_acquire_owned() else { continue };
                answer(stream, address, room, endpoint.clone(), &tasks);
            },
            Err(error) => {
                debug!(target: LOG_TARGET, "Cannot accept a connection: {error}.");
                // Without free file descriptors, the next attempt would fail immediately.
                tokio::time::sleep(Duration::from_millis(100)).await;
            },
        }
    }
}

/// Spawns a task that serves one connection until it ends.
fn answer(
    stream: TcpStream,
    address: SocketAddr,
    room: OwnedSemaphorePermit,
    endpoint: Endpoint,
    tasks: &Handle,
) {
    let watching = tasks.clone();
    let connection = Arc::new(Connection::new(endpoint.shared.waiting.clone()));
    let stream = Watched::new(stream, connection.clone()).in_room(room);
    let stopped = endpoint.shared.stop.clone().shutdown();
    let service = tower::service_fn(move |mut request: http::Request<hyper::body::Incoming>| {
        let deny_unsafe = match is_of_foreign_page(request.headers()) {
            true => DenyUnsafe::Yes,
            false => endpoint.deny_unsafe,
        };
        request.extensions_mut().insert(deny_unsafe);
        let is_websocket = ws::is_upgrade_request(&request);
        let measured = endpoint.measured(request.headers(), address.ip(), is_websocket);
        let shared = &endpoint.shared;
        let bounds = AdmissionLayer {
            admission: shared.admission.clone(),
            connection: connection.clone(),
            deny_unsafe,
        };
        let layers = RpcServiceBuilder::new()
            .rpc_logger(shared.request_log)
            .option_layer(measured.clone())
            .layer(bounds);
        let mut service = endpoint
            .service
            .clone()
            .set_rpc_middleware(layers)
            .build(shared.methods.clone(), shared.stop.clone());
        if let Some(measured) = measured.filter(|_| is_websocket) {
            let closed = service.on_session_closed();
            watching.spawn(async move {
                let begin = Instant::now();
                measured.ws_connect();
                closed.await;
                measured.ws_disconnect(begin);
            });
        }
        async move { service.call(request).await }
    });
    tasks.spawn(serve(stream, service, stopped));
}

/// Serves a connection until it ends or the server is stopped.
///
/// HTTP/1 only: an HTTP/2 response can wait without any write, so that a client that reads nothing
/// would go unnoticed.
async fn serve<S, B>(stream: Watched<TcpStream>, service: S, stopped: impl Future<Output = ()>)
where
    S: Service<http::Request<hyper::body::Incoming>, Response = http::Response<B>>
        + Clone
        + Send
        + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    B: hyper::body::Body<Data = hyper::body::Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_PATIENCE)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .with_upgrades();
    tokio::pin!(stopped, serving);
    tokio::select! {
        _ = &mut serving => {},
        () = &mut stopped => {
            serving.as_mut().graceful_shutdown();
            let _ = serving.await;
        },
    }
}

impl Endpoint {
    /// Returns the layer that measures requests and, if configured, limits their rate. `None` if
    /// neither is enabled.
    fn measured(
        &self,
        headers: &HeaderMap,
        address: IpAddr,
        is_websocket: bool,
    ) -> Option<MiddlewareLayer> {
        let proxied = if self.trusts_proxies { proxied(headers) } else { None };
        let from = proxied.unwrap_or(address);
        let limit =
            self.rate_limit.filter(|_| !self.without_limit.iter().any(|of| of.contains(from)));
        let transport = if is_websocket { "ws" } else { "http" };
        let metrics = self.shared.metrics.clone().map(|metrics| Metrics::new(metrics, transport));
        if metrics.is_none() && limit.is_none() {
            return None;
        }
        let layer = MiddlewareLayer::new();
        let layer = match metrics {
            Some(metrics) => layer.with_metrics(metrics),
            None => layer,
        };
        Some(match limit {
            Some(limit) => layer.with_rate_limit_per_minute(limit),
            None => layer,
        })
    }
}

/// Returns `true` if a browser sent the request for a web page that is not from this machine. Such
/// a page may use safe methods only: an operator's browser also shows pages of others, and can
/// reach a port that is open to this machine only, or at the end of a tunnel.
fn is_of_foreign_page(headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(http::header::ORIGIN) else { return false };
    let origin = origin.to_str().ok().and_then(|origin| origin.parse::<http::Uri>().ok());
    let host = origin.as_ref().and_then(http::Uri::host);
    !host.is_some_and(|host| ["localhost", "127.0.0.1", "[::1]"].contains(&host))
}

/// Returns the client's address that a proxy reports by `Forwarded` (RFC 7239), `X-Forwarded-For`
/// or `X-Real-IP`.
fn proxied(headers: &HeaderMap) -> Option<IpAddr> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let remotest = |parsed: ForwardedHeaderValue| parsed.remotest_forwarded_for_ip();
    let forwarded = || ForwardedHeaderValue::from_forwarded(text("forwarded")?).ok();
    let x_forwarded = || ForwardedHeaderValue::from_x_forwarded_for(text("x-forwarded-for")?).ok();
    forwarded()
        .and_then(remotest)
        .or_else(|| x_forwarded().and_then(remotest))
        .or_else(|| IpAddr::from_str(text("x-real-ip")?).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_client_is_not_an_operator_on_a_live_chain() {
        let local = SocketAddr::from(([127, 0, 0, 1], 9944));
        let denied = |of, chain| deny_unsafe(&local, &methods(of, &chain));
        let is_open = |of, chain| matches!(denied(of, chain), DenyUnsafe::No);
        assert!(!is_open(RpcMethods::Auto, ChainType::Live));
        assert!(!is_open(RpcMethods::Auto, ChainType::Custom("x".into())));
        assert!(is_open(RpcMethods::Unsafe, ChainType::Live));
        assert!(is_open(RpcMethods::Auto, ChainType::Development));
        assert!(is_open(RpcMethods::Auto, ChainType::Local));
        assert!(!is_open(RpcMethods::Safe, ChainType::Development));
    }

    #[test]
    fn page_from_elsewhere_is_foreign() {
        let of = |origin: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(http::header::ORIGIN, HeaderValue::from_static(origin));
            is_of_foreign_page(&headers)
        };
        for own in ["http://localhost", "http://127.0.0.1:3000", "https://[::1]:8080"] {
            assert!(!of(own), "{own}");
        }
        let foreign = [
            "https://evil.example",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "http://evil.example:9944",
            "null",
            "",
            "localhost",
            "http://user@evil.example",
        ];
        for foreign in foreign {
            assert!(of(foreign) || foreign == "localhost", "{foreign}");
        }
        // Programs other than browsers send none.
        assert!(!is_of_foreign_page(&HeaderMap::new()));
    }

    #[test]
    fn endpoint_of_its_own_has_no_higher_limits() {
        let mut limit = 128;
        lower(&mut limit, 10);
        assert_eq!(limit, 10);
        lower(&mut limit, 15);
        assert_eq!(limit, 10);
    }

    #[test]
    fn client_address_is_read_from_proxy_headers() {
        let of = |name: &'static str, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, HeaderValue::from_static(value));
            proxied(&headers).map(|address| address.to_string())
        };
        assert_eq!(of("forwarded", "for=192.0.2.60;proto=http").as_deref(), Some("192.0.2.60"));
        assert_eq!(of("x-forwarded-for", "192.0.2.1, 10.0.0.1").as_deref(), Some("192.0.2.1"));
        assert_eq!(of("x-real-ip", "2001:db8::1").as_deref(), Some("2001:db8::1"));
        assert_eq!(of("x-real-ip", "crane"), None);
        assert_eq!(of("host", "192.0.2.60"), None);
    }
}
