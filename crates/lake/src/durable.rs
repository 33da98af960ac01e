//! 落盘 — a local object store whose every acknowledged write has reached the disk.
//!
//! `LocalFileSystem` renames and links but does not sync: after a power cut an acknowledged commit
//! could be gone, or there and empty. Here a file is synced *before* it gets its name, and the
//! folder after, so a name never stands for less than the whole file.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::ops::Range;
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta, ObjectStore, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, RenameOptions, Result, UploadPart,
};

/// 落盘的存储 — the local file system, synced.
#[derive(Debug, Clone, Default)]
pub struct Durable {
    inner: Arc<LocalFileSystem>,
}

impl fmt::Display for Durable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Durable({})", self.inner)
    }
}

impl Durable {
    fn file(&self, location: &Path) -> Result<PathBuf> {
        self.inner.path_to_filesystem(location)
    }
}

#[async_trait]
impl ObjectStore for Durable {
    async fn put_opts(&self, location: &Path, payload: PutPayload, opts: PutOptions) -> Result<PutResult> {
        let create = match opts.mode {
            PutMode::Create => true,
            PutMode::Overwrite => false,
            PutMode::Update(_) => return self.inner.put_opts(location, payload, opts).await,
        };
        let file = self.file(location)?;
        blocking(move || put(&file, &payload, create)).await?;
        Ok(PutResult { e_tag: None, version: None })
    }

    async fn put_multipart_opts(&self, location: &Path, opts: PutMultipartOptions) -> Result<Box<dyn MultipartUpload>> {
        let file = self.file(location)?;
        let folder = parent(&file).to_owned();
        blocking(move || make_folder(&folder)).await?;
        let inner = self.inner.put_multipart_opts(location, opts).await?;
        Ok(Box::new(Upload { inner, file }))
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.inner.get_opts(location, options).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<bytes::Bytes>> {
        self.inner.get_ranges(location, ranges).await
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list(prefix)
    }

    fn list_with_offset(&self, prefix: Option<&Path>, offset: &Path) -> BoxStream<'static, Result<ObjectMeta>> {
        self.inner.list_with_offset(prefix, offset)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.inner.list_with_delimiter(prefix).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.inner.copy_opts(from, to, options).await?;
        let file = self.file(to)?;
        blocking(move || settle(&file)).await
    }

    async fn rename_opts(&self, from: &Path, to: &Path, options: RenameOptions) -> Result<()> {
        let (old, new) = (self.file(from)?, self.file(to)?);
        self.inner.rename_opts(from, to, options).await?;
        blocking(move || settle(&new).and_then(|()| sync(parent(&old)))).await
    }
}

/// An upload in parts; it is complete once it is on disk.
#[derive(Debug)]
struct Upload {
    inner: Box<dyn MultipartUpload>,
    file: PathBuf,
}

#[async_trait]
impl MultipartUpload for Upload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        self.inner.put_part(data)
    }

    async fn complete(&mut self) -> Result<PutResult> {
        let result = self.inner.complete().await?;
        let file = self.file.clone();
        blocking(move || settle(&file)).await?;
        Ok(result)
    }

    async fn abort(&mut self) -> Result<()> {
        self.inner.abort().await
    }
}

/// Makes the folders down to this one, each of them durable.
pub(crate) fn make_folder(folder: &FilePath) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    make_folder(parent(folder))?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => sync(parent(folder)),
    }
}

/// Writes beside, syncs, then gives the file its name.
fn put(file: &FilePath, payload: &PutPayload, create: bool) -> io::Result<()> {
    make_folder(parent(file))?;
    let (mut draft, beside) = draft_beside(file)?;
    let written = payload.iter().try_for_each(|part| draft.write_all(part));
    let named = written
        .and_then(|()| draft.sync_all())
        .and_then(|()| if create { fs::hard_link(&beside, file) } else { fs::rename(&beside, file) });
    if create || named.is_err() {
        let _ = fs::remove_file(&beside); // What stays behind is hidden from every listing.
    }
    named?;
    sync(parent(file))
}

/// A new file `name#1`, `name#2` …, which the object store never lists.
fn draft_beside(file: &FilePath) -> io::Result<(File, PathBuf)> {
    let mut number = 1;
    loop {
        let mut name = file.as_os_str().to_owned();
        name.push(format!("#{number}"));
        match OpenOptions::new().write(true).create_new(true).open(&name) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            opened => return Ok((opened?, name.into())),
        }
    }
}

/// Syncs a file that has its name already, then its folder.
fn settle(file: &FilePath) -> io::Result<()> {
    sync(file)?;
    sync(parent(file))
}

fn sync(path: &FilePath) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn parent(path: &FilePath) -> &FilePath {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(FilePath::new("."))
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T> {
    let generic = |source| Error::Generic { store: "Durable", source };
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| generic(error.into()))?;
    done.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Error::AlreadyExists { path: String::new(), source: error.into() },
        ErrorKind::NotFound => Error::NotFound { path: String::new(), source: error.into() },
        _ => generic(error.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::TryStreamExt;
    use object_store::ObjectStoreExt;

    #[tokio::test]
    async fn a_name_is_given_once_and_drafts_are_never_listed() {
        let folder = tempfile::tempdir().unwrap();
        let store = Durable::default();
        fs::create_dir(folder.path().join("表")).unwrap();
        let home = Path::from_absolute_path(folder.path().join("表")).unwrap();
        let log = home.clone().join("0.json");
        let create = PutOptions::from(PutMode::Create);
        store.put_opts(&log, "first".into(), create.clone()).await.unwrap();
        let again = store.put_opts(&log, "second".into(), create).await.unwrap_err();
        assert!(matches!(again, Error::AlreadyExists { .. }), "{again}");
        let draft = folder.path().join("表").join("1.json#1");
        fs::write(draft, "half").unwrap();
        store.put(&home.clone().join("1.json"), "whole".into()).await.unwrap();
        let listed: Vec<_> = store.list(Some(&home)).try_collect().await.unwrap();
        assert_eq!(listed.len(), 2);
        let read = store.get(&log).await.unwrap().bytes().await.unwrap();
        assert_eq!(&read[..], b"first");
    }
}
