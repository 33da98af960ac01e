//! 供给 — through the government data platform, checked on arrival, loaded exactly once (Articles 22 and 23).

use regulation::operation::{
    demand::{Act, PROCEDURE},
    supply::{CHANNEL, Fault},
};
use store::{
    basics::catalogue::Entry,
    operation::{Column, TableVersion, demand::Demand, supply::Supply},
};

use crate::{Channel, File, Recorded, Refused};

/// 供给 — takes a batch from the channel, checks it against its manifest, loads it, and says so.
///
/// Loading comes before recording: a crash in between leaves a version that nothing refers to, and
/// the same batch performed again finds it by its number instead of loading twice.
pub async fn supply(mut file: File<'_>, id: &str, batch: &str) -> Result<Recorded, Refused> {
    let mut demand: Demand = file.read("数据需求", id).await?;
    let step = file.step(&PROCEDURE, (demand.state, Act::Supply), &demand)?;
    let entry: Entry = file.read("目录条目", &demand.entry).await?;
    let before = file.office.store.children::<Supply>(&store::record::key::<Demand>(id)).await;
    if before.map_err(Refused::unavailable)?.iter().any(|supply| supply.batch == batch) {
        return Err(Fault::Again(batch.to_owned()).into());
    }
    let hung = file.office.channel.batch(batch)?;
    if hung.org != file.acting.org {
        return Err(Fault::ForeignBatch(batch.to_owned()).into());
    }
    let progress = &file.office.channel.progress();
    let survey = lake::survey(&hung.path, progress).await.map_err(unreadable)?;
    lake::manifest_matches(&survey, &hung.manifest).map_err(unreadable)?;
    let missing = |code: &&String| !survey.columns.iter().any(|column| column.name == **code);
    if let Some(code) = demand.fields.iter().find(missing) {
        return Err(Fault::MissingField(code.clone()).into());
    }
    let table = table(&entry.id);
    let loaded = file.office.lake.load(&table, &hung.path, &survey, batch, progress).await.map_err(unreadable)?;
    let columns = survey.columns.iter().map(column).collect();
    let supply = Supply {
        id: file.number("GJ"),
        batch: batch.to_owned(),
        demand: demand.id.clone(),
        entry: entry.id,
        provider: demand.provider.clone(),
        channel: format!("{CHANNEL}{}", Channel::NATURE),
        file: hung.manifest.file.clone(),
        rows: loaded.rows,
        bytes: loaded.bytes,
        sha256: survey.sha256.clone(),
        raw: TableVersion { table: loaded.raw.table, version: loaded.raw.version },
        columns,
    };
    file.write(&supply)?;
    demand.state = step.to;
    demand.due = None;
    file.write(&demand)?;
    file.record("supply", &demand, demand.state.name(), step.basis, &supply)
}

/// The name under which an entry's raw data lies in the lake.
pub fn table(entry: &str) -> String {
    entry.to_ascii_lowercase().replace('-', "_")
}

pub(crate) fn column(column: &lake::Column) -> Column {
    Column { name: column.name.clone(), title: column.title.clone(), kind: column.kind.name().to_owned() }
}

fn unreadable(fault: lake::Fault) -> Refused {
    match fault {
        lake::Fault::Storage(..) | lake::Fault::Full(_) => Refused::Lake(fault),
        fault => Fault::Unreadable(fault.to_string()).into(),
    }
}
