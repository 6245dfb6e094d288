// SPDX-License-Identifier: Apache-2.0

//! The reader of templates, compared with the chain's reader of plugin documents.

use crate::node::node;
use std::path::Path;
use twinchain_client::{
    template::{self, Options},
    Chain,
};

/// Compares the verdicts of the reader of templates and of the chain, on the documents that the
/// fuzzer of the pallet found.
async fn compare_verdicts() -> Result<(usize, usize), twinchain_client::Failure> {
    let chain = Chain::connect(&node().url, None).await?;
    let at = chain.at_best().await?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = folder.join("../pallets/data-container/fuzz/corpus/document");
    let (mut good, mut bad) = (0, 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let document = std::fs::read(&path).unwrap();
        let whole = [b"{\"plugins\":{\"x\":".as_slice(), &document, b"}}"].concat();
        let accepts = async |document: &[u8]| {
            let call = twinchain_client::api::runtime_apis().data_container_api();
            let of = twinchain_client::AccountId32([0; 32]);
            at.call(call.check_document(of, document.to_vec())).await.map(|it| it.is_ok())
        };
        match template::read(&whole, &Options::default()) {
            Ok(read) => {
                good += 1;
                let published = &read.plugins[0].document;
                let replaces = String::from_utf8_lossy(published).contains("\"replaces\"");
                assert!(accepts(published).await? || replaces, "{}", path.display());
            },
            Err(problems) => {
                bad += 1;
                let path = path.display();
                assert!(!accepts(&document).await?, "{path}: {problems:?}");
            },
        }
    }
    Ok((good, bad))
}

#[test]
fn verdict_about_a_plugin_is_that_of_the_chain() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let (good, bad) = runtime.block_on(compare_verdicts()).unwrap();
    assert!(good > 10 && bad > 10, "{good} accepted, {bad} rejected");
}
